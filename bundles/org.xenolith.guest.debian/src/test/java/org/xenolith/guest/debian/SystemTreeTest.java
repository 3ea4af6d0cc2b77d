// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestFile;

/** The tree that packages are unpacked to, and dpkg's database in it. */
class SystemTreeTest {
  @TempDir
  Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static TarFile control(String name, String more) {
    return new TarFile().folder("./").file("./control", bytes("Package: " + name + "\nVersion: 1\nArchitecture: arm64\n" + more
        + "Description: a tool\n of two lines\n"));
  }

  private static TarFile data() {
    return new TarFile().folder("./");
  }

  /** Entries as "mode user:group kind content" by their paths. */
  private Map<String, String> tree(Map<String, byte[]> debs) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    for (Map.Entry<String, byte[]> deb : debs.entrySet()) {
      files.put(deb.getKey(), Files.write(folder.resolve(deb.getKey() + ".deb"), deb.getValue()));
    }
    Path tar = folder.resolve("tree.tar");
    SystemTree.write(files, "deb http://archive/debian stable main\n", List.of(new GuestFile("/boot/loader.efi", 0644, bytes("mine"))),
        tar);
    Map<String, String> entries = new LinkedHashMap<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(tar))) {
      for (TarArchiveEntry entry; (entry = in.getNextEntry()) != null;) {
        String what = entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "-> " + entry.getLinkName() : entry.isLink()
            ? "= " + entry.getLinkName() : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        String before = entries.put(DebFile.path(entry), "%o %d:%d %s".formatted(entry.getMode() & 07777, entry.getLongUserId(), entry
            .getLongGroupId(), what));
        assertEquals(null, before, "twice: " + entry.getName());
      }
    }
    return entries;
  }

  @Test
  void whatPackagesHaveIsThereWithItsOwners() throws IOException {
    Map<String, String> tree = tree(Map.of("tool", data().folder("./bin/").owned("./bin/tool", 04755, 0, 42, bytes("program"))
        .link("./bin/other", '1', "./bin/tool").link("./sbin/third", '2', "../bin/tool").owned("./var/mail/", 02775, 0, 8, new byte[0])
        .deb(control("tool", ""))));
    assertEquals("777 0:0 -> usr/bin", tree.get("bin"));
    assertEquals("4755 0:42 program", tree.get("usr/bin/tool"));
    assertTrue(tree.get("usr/bin/other").endsWith("= usr/bin/tool"), tree.get("usr/bin/other"));
    assertTrue(tree.get("usr/sbin/third").endsWith("-> ../bin/tool"), tree.get("usr/sbin/third"));
    assertEquals("2775 0:8 folder", tree.get("var/mail"));
    assertTrue(List.copyOf(tree.keySet()).indexOf("bin") < List.copyOf(tree.keySet()).indexOf("usr/bin/tool"), "a link comes too late");
    assertEquals("644 0:0 mine", tree.get("boot/loader.efi"));
    assertEquals("644 0:0 deb http://archive/debian stable main\n", tree.get("etc/apt/sources.list"));
  }

  @Test
  void theFoldersOfBaseFilesCountFirst() throws IOException {
    Map<String, String> tree = tree(Map.of("a", data().owned("./tmp/", 0755, 0, 0, new byte[0]).deb(control("a", "")), "base-files", data()
        .owned("./tmp/", 01777, 0, 0, new byte[0]).deb(control("base-files", ""))));
    assertEquals("1777 0:0 folder", tree.get("tmp"));
  }

  /** Where programs of amd64 look for their dynamic linker. */
  @Test
  void theFolderOfAmd64sLinkerIsMergedWhereAPackageHasIt() throws IOException {
    Map<String, String> tree = tree(Map.of("libc6", data().folder("./lib64/").link("./lib64/ld-linux-x86-64.so.2", '2', "/lib/ld.so").deb(
        control("libc6", ""))));
    assertEquals("777 0:0 -> usr/lib64", tree.get("lib64"));
    assertTrue(tree.get("usr/lib64/ld-linux-x86-64.so.2").endsWith("-> /lib/ld.so"), tree.toString());
    assertFalse(tree(Map.of("tool", data().deb(control("tool", "")))).containsKey("lib64"));
  }

  @Test
  void documentationStaysPackedButLicencesDont() throws IOException {
    byte[] x = bytes("x");
    Map<String, String> tree = tree(Map.of("tool", data().file("./usr/share/doc/tool/copyright", x).file("./usr/share/doc/tool/README", x)
        .file("./usr/share/man/man1/tool.1.gz", x).file("./usr/share/locale/de/tool.mo", x).deb(control("tool", ""))));
    assertTrue(tree.containsKey("usr/share/doc/tool/copyright"));
    for (String path : List.of("usr/share/doc/tool/README", "usr/share/man/man1/tool.1.gz", "usr/share/locale/de/tool.mo")) {
      assertFalse(tree.containsKey(path), path);
      assertTrue(tree.get("var/lib/dpkg/info/tool.list").contains("/" + path + "\n"), "dpkg knows nothing of " + path);
    }
    assertTrue(tree.get("etc/dpkg/dpkg.cfg.d/image").contains("path-exclude=/usr/share/man/*\n"));
  }

  @Test
  void dpkgFindsItsDatabase() throws IOException {
    TarFile control = control("tool", "Multi-Arch: same\n").file("./conffiles", bytes("/etc/tool\n")).owned("./postinst", 0755, 0, 0, bytes(
        "#!/bin/sh\n")).file("./triggers", bytes("# remark\ninterest-noawait ldconfig\ninterest /usr/lib/tool\nactivate other\n"));
    Map<String, String> tree = tree(Map.of("tool", data().folder("./etc/").file("./etc/tool", bytes("setting")).deb(control), "next", data()
        .deb(control("next", ""))));
    assertEquals("644 0:0 " + """
        Package: next
        Status: install ok unpacked
        Version: 1
        Architecture: arm64
        Description: a tool
         of two lines

        Package: tool
        Status: install ok unpacked
        Version: 1
        Architecture: arm64
        Multi-Arch: same
        Description: a tool
         of two lines
        Conffiles:
         /etc/tool %s
        """.formatted(md5("setting")), tree.get("var/lib/dpkg/status"));
    assertEquals("755 0:0 #!/bin/sh\n", tree.get("var/lib/dpkg/info/tool:arm64.postinst"));
    assertEquals("644 0:0 /.\n/etc\n/etc/tool\n", tree.get("var/lib/dpkg/info/tool:arm64.list"));
    assertEquals("644 0:0 tool:arm64/noawait\n", tree.get("var/lib/dpkg/triggers/ldconfig"));
    assertEquals("644 0:0 /usr/lib/tool tool:arm64\n", tree.get("var/lib/dpkg/triggers/File"));
    assertFalse(tree.containsKey("var/lib/dpkg/info/tool:arm64.control"));
  }

  private static String md5(String text) {
    try {
      return java.util.HexFormat.of().formatHex(java.security.MessageDigest.getInstance("MD5").digest(bytes(text)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatNoPackageHasIsRefusedByName() {
    Map<String, byte[]> wrong = Map.of("leads out", data().file("./../evil", bytes("x")).deb(control("tool", "")),
        "leads out of the system", data().file("./etc/../../evil", bytes("x")).deb(control("tool", "")),
        "neither file, folder nor link", data().device("./dev/null").deb(control("tool", "")),
        "no description", data().deb(new TarFile().file("./postinst", bytes("x"))));
    wrong.forEach((says, deb) -> {
      String message = assertThrows(IOException.class, () -> tree(Map.of("tool", deb))).getMessage();
      assertTrue(message.startsWith("the package tool can't be unpacked: ") && message.contains(says), message);
    });
  }

  @Test
  void theSameTreeIsTheSameBytes() throws IOException {
    Map<String, byte[]> debs = Map.of("tool", data().file("./etc/tool", bytes("setting")).deb(control("tool", "")), "next", data().deb(
        control("next", "")));
    tree(debs);
    String first = Digests.sha256(folder.resolve("tree.tar"));
    tree(debs);
    assertEquals(first, Digests.sha256(folder.resolve("tree.tar")));
  }
}
