/** Reports as they reach a learner's mailbox. */
import { gunzipSync } from 'node:zlib'
import { dkimVerify } from 'mailauth'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import type { ProviderProbe } from '../../checker/probes/types.ts'
import type { MailEvent } from '../../containers/internet/api.ts'
import { ada, ask, good, other, probes, publish, run, send } from './checked-ground.ts'

export const reports = () =>
  describe('reports', () => {
    /** The last message in the learner's mailbox with this attachment, unpacked. */
    async function arrived(file: string): Promise<{ head: string; text: string }> {
      const box = await run('server', 'cat /var/mail/friend')
      const source = box.split(/^(?=From \S+ {2})/m).findLast(one => one.includes(file)) ?? ''
      const { attachments } = await PostalMime.parse(source.replace(/^From .*\n/, ''))
      const [report] = attachments
      return { head: source, text: report ? gunzipSync(report.content as ArrayBuffer).toString() : '' }
    }
    const report = async (probe: ProviderProbe, kind: 'tls' | 'dmarc') => {
      const answer = await probe.report(kind)
      expect(answer.sent.map(({ to, code }) => [to, code])).toEqual([['mailto:friend@ada.test', 250]])
      if (answer.report === null) throw new Error('no report')
      const { file } = answer.report
      await expect.poll(async () => (await arrived(file)).text, { timeout: 10_000 }).toBe(answer.report.text)
      return { ...answer.report, head: (await arrived(file)).head }
    }

    it('about TLS arrive, and count what succeeded and what failed', async () => {
      const { copine } = probes().providers
      await publish(other('_25._tcp.mail', `3 1 1 ${'ab'.repeat(32)}`))
      await copine.report('tls')
      await send('copine')
      await publish(good)
      await send('copine')
      const { sessions, text, head } = await report(copine, 'tls')
      // A failure counts for each of the two addresses.
      expect(sessions).toMatchObject([
        {
          policy: 'tlsa',
          failure: 2,
          failures: [{ type: 'validation-failure' }, { type: 'validation-failure' }],
        },
        { policy: 'tlsa', success: 1, failure: 0 },
      ])
      expect(JSON.parse(text).policies[0]['failure-details'][0]['receiving-mx-hostname']).toBe(
        'mail.ada.test',
      )
      expect(head).toMatch(/multipart\/report; report-type="tlsrpt"/)
    })

    it('about DMARC arrive, and name who forged and who did not', async () => {
      const { grosmail } = probes()
      await run(
        'server',
        `printf 'From: friend@ada.test\\nTo: zoe@grosmail.test\\nSubject: mine\\n\\nHello\\n' | sendmail -f friend@ada.test zoe@grosmail.test`,
      )
      await expect
        .poll(() => grosmail.receive('zoe@grosmail.test', 'Subject: mine'), { timeout: 20_000 })
        .toBeTruthy()
      const { sources: forgers, replies } = await grosmail.forge(3)
      expect(replies.map(({ code }) => code)).toEqual([250, 250, 250])
      const { sources, text, head } = await report(grosmail, 'dmarc')
      expect(sources[0]).toMatchObject({
        address: forgers[0],
        count: 3,
        spf: false,
        dkim: false,
        disposition: 'quarantine',
        headerFrom: 'ada.test',
        envelopeFrom: 'pourriel.test',
      })
      const own = [ada.address.server.ipv4, ada.address.server.ipv6]
      expect(sources[1]).toMatchObject({ count: 1, spf: true, disposition: 'pass' })
      expect(own).toContain(sources[1]?.address)
      expect(text).toMatch(/xmlns="urn:ietf:params:xml:ns:dmarc-2\.0"/)
      expect(text).toMatch(/<scope>mfrom<\/scope>\s*<result>pass<\/result>/)
      // Whoever gets it can see that it is grosmail's own.
      const { results } = await dkimVerify(head.replace(/^From .*\n/, '').replace(/\r?\n/g, '\r\n'), {
        resolver: async (name, type) =>
          (await probes().dns.resolve(name, type)).map(text =>
            [...text.matchAll(/"([^"]*)"/g)].map(([, part = '']) => part),
          ),
      })
      expect(results.map(({ signingDomain, status }) => [signingDomain, status.result])).toEqual([
        ['grosmail.test', 'pass'],
      ])
    }, 60_000)

    it('about TLS go over HTTPS where that is asked for', async () => {
      const said = run(
        'server',
        `cat > /root/once.py <<'END'
import http.server, socket, ssl, sys, zlib
class Once(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers['content-length']))
        print(self.path, self.headers['content-type'], zlib.decompress(body, 31).decode())
        self.send_response(201)
        self.end_headers()
class Server(http.server.HTTPServer):
    address_family = socket.AF_INET6
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('/root/own.crt', '/root/own.key')
server = Server(('::', 8443), Once)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.timeout = 30
server.handle_request()
END
python3 /root/once.py 2>&1`,
      )
      await publish(other('_smtp._tls', '"v=TLSRPTv1; rua=https://mail.ada.test:8443/reports"'))
      const { copine } = probes().providers
      await send('copine')
      await expect
        .poll(async () => (await copine.report('tls')).sent, { timeout: 20_000 })
        .toMatchObject([{ to: 'https://mail.ada.test:8443/reports', accepted: true, code: 201 }])
      expect(await said).toMatch(
        /\/reports application\/tlsrpt\+gzip \{\s+"organization-name": "copine.test"/,
      )
    }, 60_000)

    it('say why there is none', async () => {
      const { agrume } = probes().providers
      expect((await agrume.report('dmarc')).why?.en).toMatch(/nothing new/)
      await publish(other('_dmarc', '"v=DMARC1; p=none; rua=mailto:zoe@copine.test"'))
      await probes().grosmail.forge(1)
      const answer = await probes().grosmail.report('dmarc')
      expect([answer.sent, answer.why?.en]).toEqual([
        [],
        expect.stringMatching(/ada\.test\._report\._dmarc\.copine\.test/),
      ])
      await publish(good.filter(({ name }) => name !== '_dmarc'))
      expect((await probes().grosmail.report('dmarc')).why?.en).toMatch(/names no address/)
    })

    it('about TLS come by themselves, half a minute after the last message', async () => {
      // fenetre has sent above, and nobody has asked it for a report.
      const path = '/mail/recent?from=fenetre.test&to=ada.test'
      await expect
        .poll(async () => (await ask<MailEvent[]>('GET', path)).map(one => one.envelope.from), {
          timeout: 45_000,
          interval: 1000,
        })
        .toContain('reports@fenetre.test')
    }, 60_000)
  })
