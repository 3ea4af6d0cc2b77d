// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.BadInput;

/** The programs that a bench needs beside us: from PATH, or fetched by the checkout's own scripts. */
final class PeerTools {
  private static final String QEMU = "qemu-system-aarch64";
  private static final String COMPILER = "aarch64-linux-gnu-gcc";
  private static final String PC = "qemu-system-x86_64";
  private static final String PC_COMPILER = "x86_64-linux-gnu-gcc";

  private PeerTools() {}

  /** Our own launcher script. */
  static String launcher() {
    return root().resolve("xenolith").toString();
  }

  /** The checkout. */
  static Path root() {
    String root = System.getProperty("xenolith.root");
    if (root == null) {
      throw new BadInput("bench runs only from a checkout, through the launcher script");
    }
    return Path.of(root);
  }

  /** QEMU's full path. */
  static String qemu() throws IOException, InterruptedException {
    return find(QEMU, "releng/test-tools", "'./xenolith doctor' says how to get it");
  }

  /** The full path of QEMU for PCs. */
  static String pc() throws IOException, InterruptedException {
    return find(PC, "releng/test-tools", "'./xenolith doctor' says how to get it");
  }

  /** Debian's Xen for arm64. */
  static Path xen() throws IOException, InterruptedException {
    String file = script("releng/test-xen").strip();
    if (file.isEmpty()) {
      throw new BadInput("Debian's Xen could not be had, see above; --only leaves 'dom0' out");
    }
    return Path.of(file);
  }

  /** Debian's Xen for PCs. */
  static Path pcXen() throws IOException, InterruptedException {
    String file = script("releng/test-xen", "amd64").strip();
    if (file.isEmpty()) {
      throw new BadInput("Debian's Xen for amd64 could not be had, see above; leave the part pvh out");
    }
    return Path.of(file);
  }

  /** A source file in {@code tests/guest-workloads}, compiled for the guest. */
  static byte[] workloads(Path folder, String source) throws IOException, InterruptedException {
    String compiler = find(COMPILER, "releng/bench-compiler", "install the packages gcc-aarch64-linux-gnu and"
        + " libc6-dev-arm64-cross, or leave the workloads out with --only");
    return compiled(folder, source, compiler, "-march=armv8-a");
  }

  /** The same for a guest on a PC. */
  static byte[] pcWorkloads(Path folder, String source) throws IOException, InterruptedException {
    String compiler = in(System.getenv().getOrDefault("PATH", ""), PC_COMPILER).orElseThrow(() -> new BadInput(PC_COMPILER
        + " is not on this machine: install the packages gcc-x86-64-linux-gnu and libc6-dev (libc6-dev-amd64-cross where the machine is no PC), or leave the part pc out"));
    return compiled(folder, source, compiler, "-march=x86-64");
  }

  private static byte[] compiled(Path folder, String source, String compiler, String architecture) throws IOException,
      InterruptedException {
    Path program = folder.resolve(source + ".program");
    Process compilation = new ProcessBuilder(List.of(compiler, "-O2", "-static", architecture, "-o",
        program.toString(), root().resolve("tests/guest-workloads/" + source).toString())).redirectErrorStream(true).start();
    String says = new String(compilation.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (compilation.waitFor() != 0) {
      throw new BadInput("the workloads could not be compiled: " + says);
    }
    return Files.readAllBytes(program);
  }

  /** Runs a program that says on standard error what it does. @throws BadInput if it fails */
  static void run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).redirectOutput(
        ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    int code = builder.start().waitFor();
    if (code != 0) {
      throw new BadInput("bench: " + String.join(" ", command) + " failed (exit code " + code + "), see above");
    }
  }

  /** The first line that a program of a line says, or empty when it fails. */
  static String says(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD)
          .directory(root().toFile()).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? text.lines().findFirst().orElse("") : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static String find(String program, String script, String remedy) throws IOException, InterruptedException {
    Optional<String> here = in(System.getenv().getOrDefault("PATH", ""), program);
    if (here.isEmpty()) {
      here = in(script(script), program);
    }
    return here.orElseThrow(() -> new BadInput(program + " is not on this machine: " + remedy));
  }

  private static Optional<String> in(String folders, String program) {
    List<Path> files = new ArrayList<>();
    for (String folder : folders.split("[:\n]")) {
      if (!folder.isBlank()) {
        files.add(Path.of(folder, program));
      }
    }
    return files.stream().filter(Files::isExecutable).map(Path::toString).findFirst();
  }

  /** Runs a script of the checkout that fetches something; what it prints. */
  private static String script(String name, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(root().resolve(name).toString()));
    command.addAll(List.of(arguments));
    Process fetch = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(fetch.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    fetch.waitFor();
    return printed;
  }
}
