/** A file to upload, under the key it gets. */
export interface DroppedFile {
  readonly key: string;
  readonly file: File;
}

/** What was dropped, folders with all that is in them. Hidden files stay where they are. */
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly DroppedFile[]> {
  // The list is empty as soon as the event is over, so all entries are taken first.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found = await Promise.all(entries.map((entry) => filesOfEntry(entry, "")));
  return found.flat();
}

/** Chosen files; of a folder under their path in it. */
export function filesOfInput(files: Iterable<File>): readonly DroppedFile[] {
  return [...files]
    .map((file) => ({ key: file.webkitRelativePath || file.name, file }))
    .filter(({ key }) => !isHidden(key));
}

/** Pasted pictures, which have no name of their own. */
export function filesOfPaste(files: Iterable<File>, now: Date): readonly DroppedFile[] {
  const stamp = now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return [...files].map((file, index) => {
    const [, extension = "bin"] = /\/([a-z0-9]+)/.exec(file.type) ?? [];
    return { key: `pasted-${stamp}${index === 0 ? "" : `-${index + 1}`}.${extension.replace("jpeg", "jpg")}`, file };
  });
}

async function filesOfEntry(entry: FileSystemEntry, folder: string): Promise<readonly DroppedFile[]> {
  const key = `${folder}${entry.name}`;
  if (isHidden(entry.name)) return [];
  if (isFile(entry)) {
    return [{ key, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) }];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const inside: FileSystemEntry[] = [];
  for (;;) {
    // At most a hundred at a time, until there are none.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map((one) => filesOfEntry(one, `${key}/`)))).flat();
}

const isHidden = (key: string): boolean => key.split("/").some((part) => part.startsWith("."));
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
