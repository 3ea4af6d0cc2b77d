// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.ExitMeaning;
import picocli.CommandLine;

@Isolated
class CommandsTest {
  private final Locale before = Locale.getDefault();
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @AfterEach
  void putLocaleBack() {
    Locale.setDefault(before);
  }

  private int run(PrintWriter to, String... arguments) {
    CommandLine line = Commands.line(null, null).setErr(new PrintWriter(err, true)).setOut(to);
    return Commands.run(line, arguments);
  }

  @Test
  void aBootMakesNoOtherCommandReady() {
    assertEquals(Set.of("boot"), Commands.line(null, null, "boot").getSubcommands().keySet());
    for (String first : new String[] {"", "models", "--plugins", "boots"}) {
      assertTrue(Commands.line(null, null, first).getSubcommands().keySet().containsAll(Set.of("boot", "topology", "models", "guests",
          "shell")), first);
    }
  }

  @Test
  void theHelpOfEveryCommandEndsWithTheSameTableOfExitCodes() {
    assertTablesIn(Commands.line(null, null));
  }

  private static void assertTablesIn(CommandLine command) {
    String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
    String table = help.substring(help.indexOf("\nExit codes:\n") + 1);
    assertEquals(ExitMeaning.table().keySet(), table.lines().filter(line -> line.matches(" +\\d  .*")).map(line -> Integer.valueOf(line
        .strip().substring(0, 1))).collect(Collectors.toSet()), help);
    command.getSubcommands().values().forEach(CommandsTest::assertTablesIn);
  }

  /** Who comes from QEMU is told what has the place of its words. */
  @Test
  void wordsOfQemuHaveACounterpartOrAreSaidNotToBeThere() {
    String said = said("boot", "-smp", "2", "-m", "2G", "-nographic", "-kernel", "Image", "-append", "console=ttyAMA0");
    assertTrue(said.contains("QEMU's -smp: --cpus N\n") && said.contains("QEMU's -m: --memory SIZE\n") && said.contains(
        "QEMU's -nographic: nothing to do: ") && said.contains("QEMU's -kernel: --kernel FILE\n") && said.contains(
            "QEMU's -append: --append WORDS\n"),
        said);
    assertFalse(said.contains("Possible solutions"), said);
    said = said("boot", "-drive", "file=d.img,format=raw", "-s", "-S", "--gdb", "tcp::1234", "--virtfs=local", "-bios", "QEMU_EFI.fd", "-M",
        "virt");
    for (String word : List.of("-drive: --disk FILE", "-s: --gdb", "-S: --gdb=halted", "-gdb: --gdb=PORT",
        "-virtfs: folders of the host",
        "-bios: --firmware aavmf", "-M: the first word: boot BOARD")) {
      assertTrue(said.contains("QEMU's " + word), word + " in " + said);
    }
    assertTrue(said("boot", "--cpu", "4").contains("--cpus N is how many"));
    String unknown = said("boot", "--untl", "x", "-smp", "2");
    assertTrue(unknown.contains("--until") && unknown.contains("QEMU's -smp: "), unknown);
  }

  /** With one dash, as QEMU has them: -hda is no -h with more letters, -vnc no -v. */
  @Test
  void noWordOfQemuIsTakenForLettersOfOurs() {
    for (String word : QemuWords.words()) {
      String said = said("boot", "-" + word, "x");
      assertTrue(said.contains("QEMU's -" + word + ": "), said);
    }
  }

  @Test
  void helpAndVersionAreCommandsToo() {
    String help = shown("--help");
    assertEquals(help, shown("help"));
    assertEquals(shown("boot", "--help"), shown("help", "boot"));
    assertEquals(shown("topology", "import", "--help"), shown("help", "topology", "import"));
    assertEquals(shown("--version"), shown("version"));
    assertTrue(help.contains("\n  help ") && help.contains("\n  version "), help);
    assertTrue(said("help", "bot").contains("Did you mean: xenolith boot?"));
    assertTrue(said("version", "x").contains("'x'"));
    assertTrue(said("help", "wrokbench").contains("Did you mean: xenolith workbench?"));
  }

  @Test
  void theHelpOfAllCommandsIsWrittenIntoFiles(@TempDir Path folder) throws IOException {
    Path help = folder.resolve("made/help");
    assertEquals("", shown("help", "--write", help.toString()));
    assertEquals(shown("--version"), Files.readString(help.resolve("VERSION.txt")));
    assertEquals(shown("--help"), Files.readString(help.resolve("HELP.txt")));
    assertEquals(shown("topology", "import", "--help"), Files.readString(help.resolve("topology.import.txt")));
    try (Stream<Path> files = Files.list(help)) {
      assertTrue(files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()).containsAll(Set.of("boot.txt", "topology.txt",
          "guests.fetch.txt", "help.txt", "version.txt")));
    }
    assertTrue(said("help", "--write", help.toString()).contains("the folder isn't empty"));
    assertTrue(said("help", "boot", "--write", folder.resolve("other").toString()).contains("takes no COMMAND"));
  }

  @Test
  void aMistypedCommandIsAnsweredWithTheOneThatWasMeant() {
    for (String[] pair : new String[][] {{"biuld", "build"}, {"hlep", "help"}, {"tset", "test"}, {"vresion", "version"}, {"bot", "boot"},
        {"BOOT", "boot"}, {"doctro", "doctor"}, {"wrokbench", "workbench"}, {"toplogy", "topology"}, {"modles", "models"}}) {
      String said = said(pair[0]);
      assertTrue(said.contains("Did you mean: xenolith " + pair[1]), said);
      assertTrue(said.contains("'" + pair[0] + "'") && said.lines().count() <= 3, said);
    }
    String said = said("xyzzy");
    assertTrue(said.startsWith("xenolith: there is no command 'xyzzy'\n"), said);
    assertFalse(said.contains("Did you mean"), said);
    assertTrue(said.contains("\n  boot "), said);
  }

  @Test
  void whatIsNoNumberOrNoFileIsSaidWithoutNamesOfClasses() {
    for (String[] line : new String[][] {{"boot", "--limit", "soon"}, {"boot", "--times", "twice"}, {"boot", "--profile-period", "1.5"},
        {"topology", "import", "virt", "x.platform", "--cpus", "many"}, {"boot", "--report", "a\0b"}, {"boot", "--record",
            "bad\uFFFDname"}}) {
      String said = said(line);
      assertFalse(said.matches("(?s).*(Exception|java\\.|is not an? (int|long|double|valid)).*"), said);
      assertTrue(said.contains("expected ") || said.contains("LC_ALL=C.UTF-8"), said);
    }
  }

  @Test
  void aRunThatSomebodySitsAtHasNoLimitUnlessOneIsSaid() {
    CommandLine line = BootCommand.line(null);
    line.parseArgs();
    BootCommand boot = line.getCommand();
    assertEquals(Long.MAX_VALUE, boot.limit(true).nanoseconds());
    assertEquals(600_000_000_000L, boot.limit(false).nanoseconds());
    line.parseArgs("--limit", "2.5");
    assertEquals(2_500_000_000L, boot.limit(true).nanoseconds());
    assertEquals(2_500_000_000L, boot.limit(false).nanoseconds());
  }

  @Test
  void theHelpOfBootHasExamples() {
    String help = shown("boot", "--help");
    assertTrue(help.contains("\nExamples:\n"), help);
    assertTrue(help.contains("xenolith boot --kernel Image --append"), help);
  }

  private static String shown(String... words) {
    StringWriter text = new StringWriter();
    CommandLine line = Commands.line(null, null, words);
    line.setOut(new PrintWriter(text));
    assertEquals(ExitCode.DONE, line.execute(words));
    return text.toString();
  }

  private static String said(String... words) {
    StringWriter text = new StringWriter();
    CommandLine line = Commands.line(null, null);
    line.setErr(new PrintWriter(text));
    assertEquals(ExitCode.BAD_INPUT, line.execute(words));
    return text.toString();
  }

  @Test
  void numbersLookTheSameInEveryLocale() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    assertEquals(ExitCode.DONE, run(new PrintWriter(out, true), "--version"));
    assertEquals("0.250", "%.3f".formatted(0.25));
  }

  @Test
  void aWrongOptionIsAnsweredInAFewLines() {
    assertEquals(ExitCode.BAD_INPUT, run(new PrintWriter(out, true), "boot", "--limti", "2"));
    String says = err.toString();
    assertTrue(says.contains("'--limti'") && says.contains("--limit") && says.contains("xenolith boot --help"), says);
    assertTrue(says.lines().count() <= 4, says);
  }

  @Test
  void aMissingCommandIsAnsweredWithTheCommandsThereAre() {
    assertEquals(ExitCode.BAD_INPUT, run(new PrintWriter(out, true)));
    assertTrue(err.toString().contains("a command is missing") && err.toString().contains("topology"), err.toString());
  }

  @Test
  void memoryUsedUpIsToldWithARemedy() {
    CommandLine line = new CommandLine(new Greedy()).setErr(new PrintWriter(err, true));
    // The program's own would end this JVM after a while.
    MemoryEnd memory = new MemoryEnd(Long.MAX_VALUE, code -> {});
    assertEquals(ExitCode.BAD_INPUT, Commands.run(memory, line));
    assertTrue(err.toString().contains("--memory") && err.toString().contains("XENOLITH_JAVA_OPTS"), err.toString());
  }

  @CommandLine.Command
  private static final class Greedy implements Runnable {
    @Override
    public void run() {
      throw new OutOfMemoryError("heap");
    }
  }

  @Test
  void outputThatCanNotBeWrittenIsNoSuccess() {
    PrintStream full = new PrintStream(new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("full");
      }
    }, false, StandardCharsets.UTF_8);
    assertEquals(ExitCode.BAD_INPUT, run(new PrintWriter(full, true, StandardCharsets.UTF_8), "--help"));
    assertTrue(err.toString().contains("standard output can't be written"), err.toString());
  }
}
