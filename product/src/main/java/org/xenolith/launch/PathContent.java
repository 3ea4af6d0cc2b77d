// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.osgi.framework.connect.ConnectContent;

/** The entries of a bundle's jar, which is opened when they are asked for; its classes are the class path's. */
final class PathContent implements ConnectContent {
  private final Path jar;
  private final ClassLoader classes;
  private ZipFile zip;

  /** @param classes has the bundle's classes, and the resources that they see */
  PathContent(Path jar, ClassLoader classes) {
    this.jar = jar;
    this.classes = classes;
  }

  @Override
  public Optional<Map<String, String>> getHeaders() {
    return Optional.empty(); // those of the manifest in it
  }

  @Override
  public Iterable<String> getEntries() {
    List<String> names = zip.stream().map(ZipEntry::getName).toList();
    return names;
  }

  @Override
  public Optional<ConnectEntry> getEntry(String path) {
    ZipEntry entry = zip.getEntry(path);
    if (entry == null && path.endsWith("/")) {
      // A jar need not have an entry for a folder, and a bundle has one for each (OSGi Core 8, 10.1.5.30 Bundle.getEntry).
      return zip.stream().anyMatch(each -> each.getName().startsWith(path)) ? Optional.of(new Folder(path)) : Optional.empty();
    }
    return entry == null ? Optional.empty() : Optional.of(new Entry(entry));
  }

  @Override
  public Optional<ClassLoader> getClassLoader() { return Optional.of(classes); }

  @Override
  public void open() throws IOException {
    zip = new ZipFile(jar.toFile());
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  @Override
  public String toString() {
    return jar.toString();
  }

  private record Folder(String name) implements ConnectEntry {
    @Override
    public String getName() { return name; }

    @Override
    public long getContentLength() { return 0; }

    @Override
    public long getLastModified() { return 0; }

    @Override
    public InputStream getInputStream() { return InputStream.nullInputStream(); }
  }

  private final class Entry implements ConnectEntry {
    private final ZipEntry entry;

    Entry(ZipEntry entry) {
      this.entry = entry;
    }

    @Override
    public String getName() { return entry.getName(); }

    @Override
    public long getContentLength() { return entry.getSize(); }

    @Override
    public long getLastModified() { return entry.getTime(); }

    @Override
    public InputStream getInputStream() throws IOException { return zip.getInputStream(entry); }
  }
}
