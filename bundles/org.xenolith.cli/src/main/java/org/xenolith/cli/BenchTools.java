package org.xenolith.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.xenolith.command.api.BadInput;

/** The programs that a bench needs beside us: from PATH, or fetched by the project's own script. */
final class BenchTools {
  private static final String COMPILER = "aarch64-linux-gnu-gcc";

  private BenchTools() { }

  /** Our own launcher script. */
  static String launcher() {
    return root().resolve("xenolith").toString();
  }

  private static Path root() {
    String root = System.getProperty("xenolith.root");
    if (root == null) {
      throw new BadInput("bench runs only from a checkout, through the launcher script");
    }
    return Path.of(root);
  }

  /** A program's full path. */
  static String find(String program) throws IOException, InterruptedException {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(":")) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file)) {
        return file.toString();
      }
    }
    Process fetch = new ProcessBuilder(root().resolve("releng/test-tools").toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String folders = new String(fetch.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    fetch.waitFor();
    for (String folder : folders.split("[:\n]")) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file)) {
        return file.toString();
      }
    }
    throw new BadInput(program + " is not on this machine: " + (program.equals(COMPILER)
        ? "install the package gcc-aarch64-linux-gnu, or bench the boot alone with --workloads none"
        : "'./xenolith doctor' says how to get it"));
  }

  /** The workloads, compiled for the guest. */
  static byte[] workloads(Path folder) throws IOException, InterruptedException {
    Path program = folder.resolve("bench");
    Process compiler = new ProcessBuilder(List.of(find(COMPILER), "-O2", "-static", "-march=armv8-a", "-o",
        program.toString(), root().resolve("tests/guest-workloads/workloads.c").toString())).redirectErrorStream(true).start();
    String says = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (compiler.waitFor() != 0) {
      throw new BadInput("the workloads could not be compiled: " + says);
    }
    return Files.readAllBytes(program);
  }
}
