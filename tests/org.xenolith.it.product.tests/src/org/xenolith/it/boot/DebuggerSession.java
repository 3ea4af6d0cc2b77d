// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;

/** What Debian's gdb is to do at a machine, in parts that each must show something; on our machine, and on QEMU's beside it. */
final class DebuggerSession {
  /** @param shown what must be found in what the part prints; its match goes to the table. @param qemu whether QEMU shows it, too */
  private record Part(String name, String commands, Pattern shown, boolean qemu) {}

  private static final String MARK = "@@";
  /** Stands before the seconds that a part has taken. */
  private static final String TOOK = "~~took ";
  private static final int QEMU_TRIES = 100;
  private final String title;
  private final Path folder;
  private final List<Part> parts = new ArrayList<>();
  private String ours = "";
  private String theirs = "";

  /** @param folder for its files */
  DebuggerSession(String title, Path folder) {
    this.title = title;
    this.folder = folder;
  }

  /** A part that must show the same on both machines, by a regular expression. */
  DebuggerSession both(String name, String shown, String... commands) {
    parts.add(new Part(name, String.join("\n", commands), Pattern.compile(shown), true));
    return this;
  }

  /** A part that our machine alone is asked for. */
  DebuggerSession ours(String name, String shown, String... commands) {
    parts.add(new Part(name, String.join("\n", commands), Pattern.compile(shown), false));
    return this;
  }

  /** The names of a kernel that runs where it was linked, as the one of QEMU does then. */
  static Path names(Path folder, String board, String guest) throws IOException, InterruptedException {
    Path names = folder.resolve("names.elf");
    try (Program run = Product.startWithInput("boot", board, "--guest", guest, "--gdb", "0", "--append", "nokaslr xl.shell", "--stdin",
        "--limit", 600)) {
      run.awaitOutput("smp: Brought up", Product.LONG);
      gdb(folder, "remote", port(run), "monitor symbols " + names + "\nkill\n");
    }
    return names;
  }

  /** A folder with a guest's kernel and initramfs. */
  static Path parts(Path folder, String guest) throws InterruptedException {
    Product.run("guests", "fetch", guest, "--to", folder).expect(0);
    return folder;
  }

  /** The port of a machine of ours that was started. */
  static String port(Program run) throws InterruptedException {
    return run.awaitError("target remote :([0-9]+)", Product.LONG).group(1);
  }

  /** What gdb prints for commands, connected to a port. @param target {@code remote} or {@code extended-remote} */
  static String gdb(Path folder, String target, String port, String commands) throws IOException, InterruptedException {
    Path script = Files.writeString(Files.createTempFile(folder, "commands", ""), "target " + target + " :" + port + "\n" + commands);
    // What a target says goes to standard error: both in their order.
    return TestTools.run("bash", "-c", "exec \"$0\" \"$@\" 2>&1", TestTools.find("gdb-multiarch"), "-nx", "-batch", "-iex",
        "set pagination off", "-iex", "set remotetimeout 120", "-iex", "set confirm off", "-iex", "set width 0", "-x", script).out();
  }

  private String script(boolean qemu) {
    StringBuilder script = new StringBuilder("python import time; begin = time.time()\n");
    for (Part part : parts) {
      if (!qemu || part.qemu()) {
        script.append("echo \\n").append(MARK).append(part.name()).append("\\n\n").append(part.commands()).append(
            "\npython print('\\n%s%%.1f' %% (time.time() - begin)); begin = time.time()\n".formatted(TOOK));
      }
    }
    return script.append("kill\n").toString();
  }

  /** Goes through all parts on a machine of ours. */
  DebuggerSession at(String target, Program run) throws IOException, InterruptedException {
    ours = gdb(folder, target, port(run), script(false));
    check(ours, false);
    return this;
  }

  /** Goes through the parts that QEMU has, too. @param arguments QEMU's, its program first */
  DebuggerSession beside(Object... arguments) throws IOException, InterruptedException {
    int port = free();
    List<Object> line = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
    line.addAll(List.of("-gdb", "tcp:127.0.0.1:" + port, "-S", "-display", "none", "-serial", "null", "-monitor", "none", "-net", "none"));
    try (Program qemu = TestTools.start(arguments[0].toString(), line.toArray())) {
      for (int i = 0; i < QEMU_TRIES && !theirs.contains(MARK); i++) {
        theirs = gdb(folder, "remote", Integer.toString(port), script(true));
      }
      check(theirs, true);
    }
    return this;
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void check(String text, boolean qemu) {
    for (Part part : parts) {
      if (!qemu || part.qemu()) {
        assertTrue(part.shown().matcher(section(text, part)).find(), () -> (qemu ? "QEMU, " : "") + part.name() + ": " + part.shown()
            + " in\n" + text);
      }
    }
  }

  private static String section(String text, Part part) {
    int at = text.indexOf(MARK + part.name() + "\n");
    int end = text.indexOf(MARK, at + 1);
    return at < 0 ? "" : text.substring(at, end < 0 ? text.length() : end);
  }

  /** What our machine has shown. */
  String shown() {
    return ours;
  }

  /** What QEMU has shown. */
  String theirs() {
    return theirs;
  }

  /** Prints what both have shown, a line of Markdown for each part, with the seconds of the host that it took, of which some are gdb's. */
  void print() {
    StringBuilder table = new StringBuilder("### " + title + "\n\n| | Xenolith | QEMU |\n|---|---|---|\n");
    for (Part part : parts) {
      table.append("| ").append(part.name()).append(" | ").append(cell(ours, part)).append(" | ").append(part.qemu() ? cell(theirs, part)
          : "not asked for").append(" |\n");
    }
    System.out.println(table);
  }

  private static String cell(String text, Part part) {
    String section = section(text, part);
    Matcher matcher = part.shown().matcher(section);
    Matcher took = Pattern.compile(TOOK + "([0-9.]+)").matcher(section);
    return matcher.find() ? (took.find() ? took.group(1) + " s: " : "") + "`" + matcher.group().strip().replaceAll("\\s*\n\\s*", " ; ")
        .replaceAll("  +|\t+", " ").replace("|", "\\|")
        + "`" : "-";
  }
}
