// Small files of every kind that livedream tells, made by hand: their beginnings, as the formats' own descriptions have them.
import { gzipSync } from 'node:zlib';
import type { FileKindName } from '../../../lib/model/file-kinds.js';
import { GraphDef } from '../../../tools/graphs/graph-def.mjs';
import { makeZip } from '../../runtime/support/zip.js';

export interface MadeFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A protobuf field with a length below 16,384. */
function field(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const size = bytes.length < 128 ? [bytes.length] : [(bytes.length % 128) + 128, bytes.length >> 7];
  const tag = number * 8 + 2;
  return Buffer.concat([Buffer.from(tag < 128 ? [tag] : [(tag % 128) + 128, tag >> 7]), Buffer.from(size), bytes]);
}

export function smallGraph(): Buffer {
  const graph = new GraphDef();
  const weights = graph.constant('net/weights', [3, 3, 3, 4], new Float32Array(108).fill(0.25));
  graph.relu('net/layer', graph.conv2d('net/convolution', graph.placeholder('input'), weights));
  return graph.bytes();
}

function tar(): Buffer {
  const header = Buffer.alloc(1024);
  header.write('saved_model.pb', 0);
  header.write('ustar', 257);
  return header;
}

const metaInfo = field(1, Buffer.concat([field(2, field(1, 'AddV2'.repeat(1000))), field(5, '2.21.0')]));
const safetensors = '{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
const table = Buffer.concat([Buffer.alloc(100, 1), latin1('\x57\xfb\x80\x8b\x24\x75\x47\xdb')]);
const numpy = latin1("\x93NUMPY\x01\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n");

const file = (name: string, bytes: string | Buffer): MadeFile => ({ name, bytes: Buffer.from(bytes) });
const zip = (name: string, ...entries: readonly string[]): MadeFile =>
  file(name, makeZip(entries.map((entry) => ({ name: entry, data: entry }))));

export const MADE: Readonly<Record<FileKindName, readonly MadeFile[]>> = {
  'git-lfs': [
    file('lfs.pb', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 53882123\n'),
    file('lfs.pbtxt', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 53882123\n'),
  ],
  keras: [
    zip('net.keras', 'metadata.json', 'config.json', 'model.weights.h5'),
    zip('named.pb', 'config.json', 'metadata.json'),
  ],
  'keras-weights': [file('net.weights.h5', latin1('\x89HDF\r\n\x1a\n\0\0\0\0'))],
  hdf5: [file('net.h5', latin1('\x89HDF\r\n\x1a\n\0\0\0\0')), file('net2.pb', latin1('\x89HDF\r\n\x1a\n\0\0\0\0'))],
  tflite: [file('net.tflite', latin1('\x1c\0\0\0TFL3\x14\0\x20\0')), file('lite.pb', latin1('\x1c\0\0\0TFL3\x14\0'))],
  onnx: [
    file(
      'net.onnx',
      Buffer.concat([latin1('\x08\x08'), field(2, 'pytorch'), field(3, '2.9'), field(7, 'x'.repeat(9000))]),
    ),
    file('old.onnx', Buffer.concat([latin1('\x08\x01'), field(2, 'CNTK'), field(7, 'x'.repeat(9000)), field(8, '')])),
  ],
  pytorch: [
    zip('net.pt', 'archive/data.pkl', 'archive/data/0', 'archive/version'),
    zip('net.pt2', 'archive_format', 'models/model.json'),
    file('old.pth', latin1('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.')),
  ],
  safetensors: [
    file(
      'net.safetensors',
      Buffer.concat([Buffer.from([safetensors.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(`${safetensors}1234`)]),
    ),
  ],
  pickle: [file('net.pkl', latin1('\x80\x04\x95\x0b\0\0\0\0\0\0\0]\x94.'))],
  'saved-model': [
    file(
      'saved_model.pb',
      Buffer.concat([latin1('\x08\x01'), field(2, Buffer.concat([metaInfo, field(2, smallGraph())]))]),
    ),
    file('saved_model.pbtxt', 'saved_model_schema_version: 1\nmeta_graphs {\n}\n'),
  ],
  'meta-graph': [file('one.ckpt.meta', Buffer.concat([metaInfo, field(2, smallGraph())]))],
  checkpoint: [
    file('two.ckpt.index', table),
    file('two.ckpt.data-00000-of-00001', Buffer.alloc(64, 0x3f)),
    file('checkpoint', 'model_checkpoint_path: "two.ckpt"\nall_model_checkpoint_paths: "two.ckpt"\n'),
  ],
  truncated: [file('cut.pb', smallGraph().subarray(0, 200))],
  'tfjs-layers': [
    file(
      'layers.json',
      '{"format": "layers-model", "generatedBy": "keras v2.15", "modelTopology": {}, "weightsManifest": []}',
    ),
    file('older.json', '{"modelTopology": {"model_config": {"class_name": "Model"}}, "weightsManifest": []}'),
  ],
  'tfjs-graph': [
    file('graph.json', '{\n  "format": "graph-model", "modelTopology": {"node": []}}'),
    file('graph2.json', '{"weightsManifest": [], "modelTopology": {"node": []}}'),
  ],
  'keras-json': [file('net.json', '{"module": "keras", "class_name": "Functional", "config": {}}')],
  'core-ml': [
    file(
      'net.mlmodel',
      Buffer.concat([latin1('\x08\x01'), field(2, field(1, field(1, 'image'))), field(500, 'x'.repeat(9000))]),
    ),
    file('Manifest.json', '{"fileFormatVersion": "1.0.0", "itemInfoEntries": {}}'),
  ],
  caffe: [
    file('net.caffemodel', Buffer.concat([field(1, 'GoogleNet'), field(100, field(1, 'conv1'))])),
    file('old.caffemodel', Buffer.concat([field(1, 'GoogleNet'), field(2, field(4, 'conv1'))])),
    file('deploy.prototxt', 'name: "GoogleNet"\ninput: "data"\nlayer {\n}\n'),
  ],
  numpy: [file('net.npy', numpy), zip('net.npz', 'a.npy', 'b/c.npy')],
  zip: [zip('net.zip', 'labels.txt', 'a/', 'net.pb', 'x', 'y'), zip('none.zip')],
  'zip-damaged': [file('cut.zip', makeZip([{ name: 'net.pb', data: 'x'.repeat(5000) }]).subarray(0, -30))],
  'gzip-tar': [file('net.tar.gz', gzipSync(tar()))],
  gzip: [file('net.pb.gz', gzipSync(smallGraph()))],
  archive: [file('net.tar', tar()), file('net.tar.xz', latin1('\xfd7zXZ\0\0\x04'))],
  picture: [
    file('photo.jpg', latin1('\xff\xd8\xff\xe0\0\x10JFIF\0')),
    file('photo.png', latin1('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')),
    file('photo.webp', latin1('RIFF\x24\0\0\0WEBPVP8 ')),
    file('photo.avif', latin1('\0\0\0\x1cftypavif\0\0\0\0')),
  ],
  'web-page': [
    file('page.pb', '\n<!DOCTYPE html>\n<html><head><title>Sign in</title>'),
    file('error.pb', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'),
  ],
  json: [file('other.json', '{"cat": 1}'), file('list.json', '["cat", "dog"]')],
  text: [file('labels.txt', 'tench\ngoldfish\n')],
};
