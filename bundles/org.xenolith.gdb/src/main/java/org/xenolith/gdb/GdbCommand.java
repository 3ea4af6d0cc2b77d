// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import static org.xenolith.command.api.OptionName.option;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code gdb}: starts the computer's gdb, connected to a machine, with the names that the machine's kernel has of itself. */
@Command(name = "gdb", mixinStandardHelpOptions = true, sortOptions = false, customSynopsis = {
    "xenolith gdb [--with=PROGRAM] [[HOST]:PORT] [ARGUMENT...]"},
    description = {
        "Starts gdb, connected to the machine that waits for it at a port (boot --gdb; without PORT: " + GdbOption.PORT
            + ", of this computer), with the names of the kernel that runs there.",
        "All other arguments are gdb's, for example -ex COMMAND. In gdb, 'kernel-symbols' looks for the kernel's names again: those of one"
            + " that hasn't begun aren't known. An ELF file among the arguments is the debugger's program, and the kernel's own names aren't"
            + " loaded then.",
        "The exit code is gdb's."})
final class GdbCommand implements Callable<Integer> {
  private static final String PROGRAM = "gdb-multiarch";
  private static final int PATIENCE_MILLISECONDS = 5000;
  private static final byte[] ELF = {0x7F, 'E', 'L', 'F'};

  @Option(names = "--with", paramLabel = "PROGRAM", description = "Another gdb, by its path or its name on PATH (default: " + PROGRAM
      + ").")
  String program = PROGRAM;

  @Unmatched
  List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    List<String> ofGdb = new ArrayList<>(arguments);
    boolean said = !ofGdb.isEmpty() && isPlace(ofGdb.getFirst());
    InetSocketAddress place = place(said ? ofGdb.removeFirst() : ":" + GdbOption.PORT);
    requireProgram();
    requireSomebody(place);
    // Not among the product's temporary files, which go at Ctrl-C: that is gdb's here.
    Path folder = Files.createTempDirectory("xenolith-gdb-");
    try {
      Path script = folder.resolve("commands");
      Files.writeString(script, GdbScript.of(place, folder.resolve("kernel.elf"), ofGdb.stream().noneMatch(GdbCommand::isElf)));
      return run(script, ofGdb);
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // What can't be deleted is small.
    }
  }

  /** Whether a word is a port, and not something of gdb's. */
  static boolean isPlace(String word) {
    return word.matches("[0-9]{1,5}|(\\[[0-9A-Fa-f:.]+]|[^\\s/:-][^\\s/:]*)?:[0-9]{1,5}");
  }

  private static InetSocketAddress place(String word) {
    String text = word.startsWith(":") ? word.substring(1) : word;
    try {
      return GdbOption.port(text).address();
    } catch (BadInput e) {
      throw new BadInput("gdb '" + word + "': expected [HOST]:PORT, as the machine says at its start ('target remote :PORT')");
    }
  }

  private void requireProgram() {
    Stream<Path> found = program.contains("/") ? Stream.of(Path.of(program))
        : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).filter(each -> !each.isEmpty())
            .map(each -> Path.of(each, program));
    if (found.noneMatch(Files::isExecutable)) {
      throw new BadInput("gdb: there is no program '" + program + "'" + (program.contains("/") ? "" : " on PATH") + "; Debian's package is "
          + PROGRAM + " (apt install " + PROGRAM + "), another one is named by " + option("with"));
    }
  }

  /** Asks before gdb does, whose own words say nothing of how a machine comes to wait. Who says nothing to a machine leaves no trace there. */
  private static void requireSomebody(InetSocketAddress place) {
    try (Socket socket = new Socket()) {
      socket.connect(place, PATIENCE_MILLISECONDS);
    } catch (IOException e) {
      throw new BadInput("gdb: no machine waits for a debugger at " + place.getAddress().getHostAddress() + ", port " + place.getPort()
          + " ("
          + HostReason.of(e).text() + "); start one with: xenolith boot " + option(GdbOption.OPTION) + " " + place.getPort());
    }
  }

  private static boolean isElf(String word) {
    if (word.startsWith("-")) {
      return false;
    }
    try (var in = Files.newInputStream(Path.of(word))) {
      return Arrays.equals(in.readNBytes(ELF.length), ELF);
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  private int run(Path script, List<String> ofGdb) {
    List<String> words = new ArrayList<>(List.of(program, "-iex", "set remotetimeout 60", "-x", script.toString()));
    words.addAll(ofGdb);
    Process gdb;
    try {
      gdb = new ProcessBuilder(words).inheritIO().start();
    } catch (IOException e) {
      throw new BadInput("gdb: " + program + " can't be started: " + HostReason.of(e).text());
    }
    // Ctrl-C is gdb's, which halts the machine by it. This process hears of it, too, and ends with gdb, who has the terminal.
    Thread waits = Thread.ofPlatform().unstarted(() -> {
      int code = waitFor(gdb);
      delete(script.getParent());
      Runtime.getRuntime().halt(code);
    });
    Runtime.getRuntime().addShutdownHook(waits);
    int code = waitFor(gdb);
    try {
      Runtime.getRuntime().removeShutdownHook(waits);
    } catch (IllegalStateException e) {
      // The process ends already, by the hook.
    }
    return code;
  }

  private static int waitFor(Process gdb) {
    for (;;) {
      try {
        return gdb.waitFor();
      } catch (InterruptedException e) {
        // It is waited for nevertheless.
      }
    }
  }
}
