// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.LinuxScripts;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** Linux' own scripts for gdb, with Debian's kernel with debugging information, show a machine's processes, log and modules. */
@FullLane
class LinuxScriptsTest {
  /** Numbers that Linux' headers have, of which the kernel's build makes {@code constants.py}; most are its interface to programs (linux/mount.h). */
  private static final Map<String, Integer> NUMBERS = Map.ofEntries(Map.entry("SB_RDONLY", 1), Map.entry("SB_SYNCHRONOUS", 16), Map.entry(
      "SB_MANDLOCK", 64), Map.entry("SB_DIRSYNC", 128), Map.entry("SB_NOATIME", 1024), Map.entry("SB_NODIRATIME", 2048), Map.entry(
          "MNT_NOSUID", 1), Map.entry("MNT_NODEV", 2), Map.entry("MNT_NOEXEC", 4), Map.entry("MNT_NOATIME", 8), Map.entry("MNT_NODIRATIME",
              16), Map.entry("MNT_RELATIME", 32), Map.entry("NR_CPUS", 512), Map.entry("OF_DT_HEADER", 0xD00DFEED), Map.entry(
                  "CLK_GET_RATE_NOCACHE", 64));
  private static final Pattern LINE = Pattern.compile("\\s*LX_(VALUE|GDBPARSED|CONFIG)\\((\\w+)\\)");

  @TempDir
  Path folder;

  @Test
  void processesLogAndModulesOfAPcAreShown() throws Exception {
    shown("pc-pvh", "debian-amd64-cloud", "xl.shell xl.disk", LinuxScripts.fetched());
  }

  @Test
  void processesLogAndModulesOfAnArmMachineAreShown() throws Exception {
    // The file's addresses are those that the kernel is linked to.
    shown("virt", "debian", "nokaslr xl.shell xl.disk", LinuxScripts.fetchedForArm());
  }

  private void shown(String board, String guest, String words, Path linux) throws Exception {
    copy(linux, board.equals("virt") ? Set.of("CONFIG_DEBUG_INFO_REDUCED") : Set.of("CONFIG_DEBUG_INFO_REDUCED", "CONFIG_OF"));
    try (Program run = Product.startWithInput("boot", board, "--guest", guest, "--gdb", "0", "--append", words, "--stdin", "--limit",
        600)) {
      run.awaitOutput("xenolith:/# ", Product.LONG);
      String port = run.awaitError("target remote :([0-9]+)", Product.LONG).group(1);
      String shown = gdb(linux, """
          cd %s
          target remote :%s
          lx-lsmod
          lx-ps
          lx-dmesg
          lx-symbols %s
          info symbol virtio_queue_rq
          p ((struct task_struct *) &init_task)->comm
          kill
          """.formatted(folder, port, modules(guest)));
      for (String part : new String[] {"virtio_blk  ", " kthreadd\n", "Linux version 6.1", "Run /init as init process", "loading @0xffff",
          "virtio_queue_rq in section .text of ", "\"swapper/0"}) {
        assertTrue(shown.contains(part), part + " in " + shown);
      }
    }
  }

  /** Where a guest's modules are unpacked, which it was booted with. */
  private static Path modules(String guest) throws Exception {
    try (Stream<Path> found = Files.walk(LinuxScripts.fetched().resolveSibling("guests").resolve(guest), 3)) {
      return found.filter(each -> each.endsWith("modules")).findFirst().orElseThrow();
    }
  }

  private void copy(Path linux, Set<String> off) throws IOException {
    try (Stream<Path> files = Files.walk(linux.resolve("scripts"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = folder.resolve(linux.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    Files.copy(linux.resolve("scripts/gdb/vmlinux-gdb.py"), folder.resolve("vmlinux-gdb.py"));
    Files.writeString(folder.resolve("scripts/gdb/linux/constants.py"), constants(Files.readString(linux.resolve(
        "scripts/gdb/linux/constants.py.in")), off));
  }

  /** What the kernel's build makes of it with the C preprocessor. */
  private static String constants(String text, Set<String> off) {
    StringBuilder made = new StringBuilder("import gdb\n");
    text.substring(text.indexOf("<!-- end-c-headers -->")).lines().forEach(line -> {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String name = matcher.group(2);
        String value = matcher.group(1).equals("CONFIG") ? off.contains(name) ? "0" : "1" : NUMBERS.containsKey(name) ? Integer
            .toUnsignedString(NUMBERS.get(name)) : "gdb.parse_and_eval('" + name + "')";
        made.append("LX_").append(name).append(" = ").append(value).append('\n');
      }
    });
    return made.toString();
  }

  private String gdb(Path linux, String commands) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("commands"), commands);
    Outcome outcome = TestTools.run("gdb-multiarch", "-nx", "-batch", "-iex", "set pagination off", "-iex", "set remotetimeout 120", "-iex",
        "set confirm off", "-iex", "file " + linux.resolve("vmlinux"), "-iex", "source " + folder.resolve("vmlinux-gdb.py"), "-x", script);
    return outcome.out() + outcome.err();
  }
}
