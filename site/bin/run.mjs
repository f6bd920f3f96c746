/**
 * The door to every command: `node site/bin/run.mjs NAME [ARGUMENTS]`. It runs on whatever Node is there, so that an
 * old one gets a sentence and not a syntax error; nothing newer than Node 12 may stand in this file.
 */
const NEEDED = 20
const version = process.versions.node

if (Number(version.split('.')[0]) < NEEDED) {
  console.error(
    `This is Node ${version}; Node ${NEEDED} or later is needed to start (https://nodejs.org/en/download).`,
  )
  process.exitCode = 1
} else {
  import('./launch.mjs').then(
    launcher => launcher.launch(process.argv[2], process.argv.slice(3)),
    error => {
      console.error(error)
      process.exitCode = 1
    },
  )
}
