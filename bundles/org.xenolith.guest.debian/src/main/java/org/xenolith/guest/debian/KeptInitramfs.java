// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.boot.api.GuestFile;

/**
 * A guest's first root file system, compressed. Putting it together takes longer than all else of a guest, so that one of an earlier start is taken if it was made of the
 * same: packages, modules and files by their digests, and the very bundles that make it.
 *
 * @param bytes the file
 * @param sha256 its digest
 */
record KeptInitramfs(byte[] bytes, String sha256) {
  private static final String FOLDER = "initramfs/";

  /**
   * Makes one, or takes an earlier one.
   *
   * @param arm whether it is one for arm64, which programs of our own are made for
   * @param lists the modules by the names of their lists
   */
  static KeptInitramfs of(Installation installation, boolean arm, SortedMap<String, List<String>> lists, Collection<GuestFile> files)
      throws IOException {
    String name = FOLDER + key(installation.manifest(), lists, files);
    CheckedFiles checked = installation.checked();
    Optional<CheckedFiles.Kept> before = checked.kept(name);
    if (before.isPresent()) {
      return new KeptInitramfs(Files.readAllBytes(installation.folder().resolve(before.get().path())), before.get().sha256());
    }
    SortedMap<String, Map<String, byte[]>> modules = new TreeMap<>();
    for (Map.Entry<String, List<String>> list : lists.entrySet()) {
      modules.put(list.getKey(), installation.modulesInOrder(list.getValue()));
    }
    byte[] archive = Initramfs.archive(installation.read(Installation.BUSYBOX), arm, modules, files);
    Path folder = installation.folder().resolve(FOLDER);
    // It unpacks to the archive if it was there, so that what is noted is right.
    String path = FOLDER + Initramfs.fileName(archive);
    String facts = checked.facts(path);
    byte[] packed = Initramfs.compressed(archive, folder);
    String sha256 = Digests.sha256(packed);
    checked.note(name, path, sha256, facts);
    return new KeptInitramfs(packed, sha256);
  }

  /** A digest of all that an archive depends on. */
  private static String key(CacheManifest manifest, SortedMap<String, List<String>> lists, Collection<GuestFile> files) {
    MessageDigest digest = Digests.digest();
    StringBuilder text = new StringBuilder(made(KeptInitramfs.class)).append(made(Assembler.class)).append(manifest.sha256()).append('\n');
    lists.forEach((list, members) -> text.append(list).append(' ').append(String.join(" ", members)).append('\n'));
    for (GuestFile file : files) {
      text.append(file.mode()).append(' ').append(file.content().length).append(' ').append(file.path()).append('\n');
    }
    digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
    files.forEach(file -> digest.update(file.content()));
    return Digests.text(digest);
  }

  /** Tells bundles apart that were built or changed at different times. */
  private static String made(Class<?> of) {
    Bundle bundle = FrameworkUtil.getBundle(of);
    return bundle == null ? "\n" : bundle.getVersion() + " " + bundle.getLastModified() + "\n";
  }
}
