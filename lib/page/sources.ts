import { isAbort, showFault } from './faults.js';
import { part } from './parts.js';
import { type Picture, readPicture } from './picture.js';

type Take = (picture: Picture) => void;

function pictureIn(data: DataTransfer | null): File | undefined {
  return [...(data?.files ?? [])].find(({ type }) => type.startsWith('image/'));
}

function onDrop(take: (blob: Blob, name: string) => void): void {
  const mark = part('drop', HTMLElement);
  const carries = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragover', (event) => {
    if (!carries(event)) return;
    // Or the browser would open the file in the place of the page.
    event.preventDefault();
    mark.hidden = false;
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark.hidden = true;
  });
  addEventListener('drop', (event) => {
    mark.hidden = true;
    if (!carries(event)) return;
    event.preventDefault();
    const [any] = event.dataTransfer?.files ?? [];
    const file = pictureIn(event.dataTransfer) ?? any;
    if (file) take(file, file.name);
  });
}

/** Pictures that are chosen, dropped, pasted, or the sample. */
export function startSources(take: Take): void {
  const read = (blob: Blob | Promise<Blob>, name: string): void => {
    Promise.resolve(blob)
      .then((bytes) => readPicture(bytes, name))
      .then(take)
      .catch((error: unknown) => {
        if (!isAbort(error)) showFault(error);
      });
  };
  const file = part('file', HTMLInputElement);
  for (const id of ['open', 'open-again']) part(id, HTMLButtonElement).addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    const [chosen] = file.files ?? [];
    if (chosen) read(chosen, chosen.name);
    // The same file again is a choice too.
    file.value = '';
  });
  part('sample', HTMLButtonElement).addEventListener('click', () =>
    read(
      fetch('page/sample.jpg').then((answer) => answer.blob()),
      'sample',
    ),
  );
  addEventListener('paste', (event) => {
    const pasted = pictureIn(event.clipboardData);
    if (pasted) read(pasted, 'pasted');
  });
  onDrop(read);
}
