// Times or runs a network that `dkn export` wrote, in ONNX Runtime on the CPU, in fp32.
//
// Usage: node onnx.mjs MODEL.onnx --size WIDTHxHEIGHT [--guide FILE --target FILE --output FILE]
//            [--measured FILE] [--log-ratio R] [--noise S] [--correlated-noise C] [--threads N]
//            [--seconds T]
//
// Files hold raw float32, channel by channel. With --output the result is written there; without,
// the network is run for T seconds (3 times at least, after one run that does not count) and one
// line of JSON tells the median. Images that are not given are noise; R, S and C are 0. Looks for
// onnxruntime-node in build/peers, or in the folder that DKN_PEERS names; exits with 77 where it is
// not installed.

import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

const NOT_INSTALLED = 77;
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const LEAST_RUNS = 3;
const MOST_RUNS = 200;

function loadRuntime() {
  const folder = resolve(process.env.DKN_PEERS ?? join(ROOT, 'build/peers'));
  const require = createRequire(join(folder, 'package.json'));
  try {
    return {ort: require('onnxruntime-node'),
            version: require('onnxruntime-node/package.json').version};
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') {
      throw error;
    }
    console.error(`onnxruntime-node is not installed in ${folder}`);
    process.exit(NOT_INSTALLED);
  }
}

function parse() {
  const {values, positionals} = parseArgs({
    allowPositionals: true,
    options: {
      size: {type: 'string'},
      guide: {type: 'string'},
      target: {type: 'string'},
      measured: {type: 'string'},
      'log-ratio': {type: 'string', default: '0'},
      noise: {type: 'string', default: '0'},
      'correlated-noise': {type: 'string', default: '0'},
      output: {type: 'string'},
      threads: {type: 'string', default: '1'},
      seconds: {type: 'string', default: '2'},
    },
  });
  const size = /^(\d+)x(\d+)$/.exec(values.size ?? '');
  if (positionals.length !== 1 || size === null) {
    throw new Error('usage: node onnx.mjs MODEL.onnx --size WIDTHxHEIGHT [options]');
  }
  return {...values, model: positionals[0], width: Number(size[1]), height: Number(size[2]),
          log_ratio: Number(values['log-ratio']),
          noise: Number(values.noise), correlated_noise: Number(values['correlated-noise']),
          threads: Number(values.threads), seconds: Number(values.seconds)};
}

function readImage(path, channels, {width, height}) {
  const values = new Float32Array(channels * width * height);
  if (path === undefined) {
    return values.map(() => Math.random());
  }
  const bytes = readFileSync(path);
  if (bytes.length !== values.byteLength) {
    throw new Error(`${path} has ${bytes.length} bytes, expected ${values.byteLength}`);
  }
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

async function time(run, seconds) {
  await run();
  const times = [];
  const start = performance.now();
  while (times.length < LEAST_RUNS ||
         (performance.now() - start < 1e3 * seconds && times.length < MOST_RUNS)) {
    const begin = performance.now();
    await run();
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  return {median_ms: times[times.length >> 1], runs: times.length};
}

const options = parse();
const {ort, version} = loadRuntime();
const session = await ort.InferenceSession.create(options.model, {
  executionProviders: ['cpu'],
  intraOpNumThreads: options.threads,
  interOpNumThreads: 1,
});
const feeds = {};
for (const [name, channels] of [['guide', 3], ['target', 1], ['measured', 1]]) {
  if (session.inputNames.includes(name)) {
    feeds[name] = new ort.Tensor('float32', readImage(options[name], channels, options),
                                 [1, channels, options.height, options.width]);
  }
}
for (const name of ['log_ratio', 'noise', 'correlated_noise']) {
  if (session.inputNames.includes(name)) {
    feeds[name] = new ort.Tensor('float32', [options[name]], []);
  }
}
if (options.output !== undefined) {
  const {output} = await session.run(feeds);
  writeFileSync(options.output, new Uint8Array(output.data.buffer, output.data.byteOffset,
                                               output.data.byteLength));
} else {
  const result = await time(() => session.run(feeds), options.seconds);
  console.log(JSON.stringify({peer: `ONNX Runtime ${version}`, width: options.width,
                              height: options.height, threads: options.threads, ...result}));
}
