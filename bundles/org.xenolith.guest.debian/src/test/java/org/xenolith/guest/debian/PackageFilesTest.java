// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageFilesTest {
  private static final String LINKER = "/lib/ld-linux-aarch64.so.1";
  @TempDir
  Path folder;

  private final SortedMap<String, Path> archives = new TreeMap<>();

  private void add(String name, TarFile tar) throws IOException {
    archives.put(name, Files.write(folder.resolve(name), tar.deb()));
  }

  private PackageFiles choose(String... wanted) throws IOException {
    return new PackageFiles(archives).choose(List.of(wanted));
  }

  private static Map<String, CpioEntries.Entry> entries(PackageFiles files) {
    CpioArchive archive = new CpioArchive();
    files.addTo(archive);
    return CpioEntries.of(archive.bytes());
  }

  @Test
  void takesWhatProgramsNeedAndWhatLinksLeadTo() throws IOException {
    byte[] program = ElfFile.needing(LINKER, "libone.so.1");
    byte[] library = ElfFile.needing(null, "libtwo.so");
    add("tool", new TarFile().folder("./").folder("./usr/").file("./usr/bin/tool", program).link("./usr/bin/tool-ls", '1', "./usr/bin/tool")
        .link("./usr/sbin/tool", '2', "../lib/common/bin/wrapper").folder("./var/lib/tool/").file("./usr/share/doc/tool/copyright",
            new byte[9])
        .folder("./usr/share/doc/tool/").file("./etc/tool.conf", "conf".getBytes(StandardCharsets.UTF_8)));
    add("libone", new TarFile().link("./usr/lib/aarch64-linux-gnu/libone.so.1", '2', "libone.so.1.2")
        .file("./usr/lib/aarch64-linux-gnu/libone.so.1.2", library).file("./usr/lib/aarch64-linux-gnu/libother.so.1", new byte[5])
        .file("./etc/libone.conf", new byte[5]));
    add("libtwo", new TarFile().file("./lib/aarch64-linux-gnu/libtwo.so", "two".getBytes(StandardCharsets.UTF_8))
        .file("./lib/aarch64-linux-gnu/deeper/libone.so.1", new byte[5]));
    add("libc", new TarFile().link("./lib/ld-linux-aarch64.so.1", '2', "aarch64-linux-gnu/ld-linux-aarch64.so.1")
        .file("./lib/aarch64-linux-gnu/ld-linux-aarch64.so.1", "linker".getBytes(StandardCharsets.UTF_8)));
    add("common", new TarFile().file("./usr/lib/common/bin/wrapper", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)).file(
        "./usr/lib/common/bin/other", new byte[5]));
    add("unused", new TarFile().file("./usr/bin/unused", new byte[5]));

    PackageFiles files = choose("tool");
    assertEquals(new TreeSet<>(), files.missing());
    assertEquals(new TreeSet<>(List.of("common", "libc", "libone", "libtwo", "tool")), files.sources());
    Map<String, CpioEntries.Entry> entries = entries(files);
    assertArrayEquals(program, entries.get("/usr/bin/tool").data());
    assertEquals("/usr/bin/tool", entries.get("/usr/bin/tool-ls").text());
    assertEquals(0120777, entries.get("/usr/bin/tool-ls").mode());
    assertEquals("../lib/common/bin/wrapper", entries.get("/usr/sbin/tool").text());
    assertEquals("#!/bin/sh\n", entries.get("/usr/lib/common/bin/wrapper").text());
    assertEquals("libone.so.1.2", entries.get("/usr/lib/aarch64-linux-gnu/libone.so.1").text());
    assertArrayEquals(library, entries.get("/usr/lib/aarch64-linux-gnu/libone.so.1.2").data());
    assertEquals("two", entries.get("/lib/aarch64-linux-gnu/libtwo.so").text());
    assertEquals("linker", entries.get("/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1").text());
    assertEquals("conf", entries.get("/etc/tool.conf").text());
    assertTrue(entries.containsKey("/var/lib/tool"));
    for (String absent : List.of("/usr/share/doc/tool", "/usr/share/doc/tool/copyright", "/etc/libone.conf", "/usr/bin/unused",
        "/usr/lib/common/bin/other", "/usr/lib/aarch64-linux-gnu/libother.so.1", "/lib/aarch64-linux-gnu/deeper/libone.so.1")) {
      assertFalse(entries.containsKey(absent), absent);
    }
  }

  @Test
  void bringsTheLibraryThatTheCLibraryLoadsByItself() throws IOException {
    add("tool", new TarFile().file("usr/bin/tool", ElfFile.needing(null, "libc.so.6")));
    add("libc6", new TarFile().file("lib/aarch64-linux-gnu/libc.so.6", "c".getBytes(StandardCharsets.UTF_8)));
    add("libgcc-s1", new TarFile().file("lib/aarch64-linux-gnu/libgcc_s.so.1", "gcc".getBytes(StandardCharsets.UTF_8)));
    PackageFiles files = choose("tool");
    assertEquals("gcc", entries(files).get("/lib/aarch64-linux-gnu/libgcc_s.so.1").text());
    assertEquals(new TreeSet<>(), files.missing());
  }

  @Test
  void saysWhatNoPackageHolds() throws IOException {
    add("tool", new TarFile().file("usr/bin/tool", ElfFile.needing(null, "libnone.so.3")).link("usr/bin/gone", '2', "/opt/gone")
        .link("usr/bin/out", '2', "../../../../x").link("usr/tools", '2', "bin"));
    assertEquals(new TreeSet<>(List.of("libnone.so.3 for /usr/bin/tool", "/usr/bin/gone -> /opt/gone")), choose("tool").missing());
  }

  @Test
  void ignoresPathsThatLeadOut() throws IOException {
    add("evil", new TarFile().file("../../etc/passwd", new byte[5]).file("usr/bin/good", new byte[5]));
    assertEquals(List.of("/usr", "/usr/bin", "/usr/bin/good"), List.copyOf(entries(choose("evil")).keySet()));
  }
}
