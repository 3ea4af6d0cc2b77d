// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.OptionName;
import org.xenolith.command.api.SubCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformReader;
import org.xenolith.platform.api.TopologyFormat;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What bundles add to the command line and to the monitor prompt. */
class AddedCommandsTest {
  private final StringWriter err = new StringWriter();
  private final Machine machine = (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class},
      (self, method, arguments) -> null);

  @Command(name = "hello")
  private static final class Hello implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new BadInput("not today");
    }
  }

  @Command(name = "boot")
  private static final class SecondBoot implements Runnable {
    @Override
    public void run() {}
  }

  private static MonitorCommand prompt(String name, String answer) {
    return new MonitorCommand() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String help() {
        return name + " THING   does it";
      }

      @Override
      public String execute(Machine on, List<String> words) {
        if (words.isEmpty()) {
          throw new BadInput("usage: " + name + " THING");
        }
        return answer + words + "\n";
      }
    };
  }

  private static Installed installed(List<SubCommand> commands, MonitorCommand... prompt) {
    return new Installed(null, null, null, null, List.of(), List.of(), List.of(), commands,
        new PromptCommands(() -> List.of(prompt)), List.of(), null);
  }

  private int run(List<SubCommand> commands, String... arguments) {
    PrintWriter to = new PrintWriter(err, true);
    CommandLine line = Commands.line(installed(commands), null).setErr(to).setOut(to);
    return Commands.run(line, arguments);
  }

  @Test
  void aBundlesCommandIsOneOfOursWithItsErrors() {
    assertEquals(ExitCode.BAD_INPUT, run(List.of(Hello::new), "hello"));
    assertEquals("xenolith: not today\n", err.toString());
    run(List.of(Hello::new), "--help");
    assertTrue(err.toString().contains("hello"), err.toString());
  }

  /** While people look at the past, what changes the present isn't done. */
  @Test
  void whoAnswersInThePlaceOfWordsIsAskedFirst() {
    WordRelay relay = (on, name, looks, words) -> {
      if (!looks && !name.equals("xl")) {
        throw new BadInput(name + ": this is the past");
      }
      return name.equals("xl") ? Optional.of("from elsewhere\n") : Optional.empty();
    };
    Monitor monitor = new Monitor(null, null, new PromptCommands(() -> List.of(prompt("xl", "here"), prompt("screen", "here")), () -> List
        .of(
            relay)), () -> {});
    for (String line : List.of("replace org.x x.jar", "remove org.x", "add x.jar", "screen all")) {
      assertEquals(line.split(" ")[0] + ": this is the past\n", monitor.execute(line));
    }
    assertEquals("from elsewhere\n", monitor.execute("xl list"));
  }

  @Command(name = "adieu")
  private static final class Adieu implements Runnable {
    @Override
    public void run() {}
  }

  /** Help is compared with texts that are kept: it must not depend on which bundle was there first. */
  @Test
  void commandsOfBundlesAreListedInTheOrderOfTheirNames() {
    for (List<SubCommand> order : List.<List<SubCommand>>of(List.of(Hello::new, Adieu::new), List.of(Adieu::new, Hello::new))) {
      err.getBuffer().setLength(0);
      run(order, "--help");
      String help = err.toString();
      assertTrue(help.indexOf("\n  shell ") < help.indexOf("\n  adieu") && help.indexOf("\n  adieu") < help.indexOf("\n  hello") && help
          .indexOf("\n  hello") < help.indexOf("\n  help "), help);
    }
  }

  @Test
  void aCommandThatCanNotBeUsedLeavesTheOthersAlone() {
    SubCommand broken = () -> {
      throw new IllegalStateException("broken");
    };
    assertEquals(ExitCode.DONE, run(List.of(SecondBoot::new, broken, Object::new, Hello::new), "boot", "--help"));
    assertTrue(err.toString().contains("--until"), err.toString());
    assertEquals(ExitCode.BAD_INPUT, run(List.of(broken, Hello::new), "hello"));
  }

  /** A form whose files say nothing but their number. */
  private static TopologyFormat form(List<String> calls) {
    return new TopologyFormat() {
      @Override
      public String name() {
        return "slides";
      }

      @Override
      public String files() {
        return "slides of a talk";
      }

      @Override
      public List<Finding> write(Platform platform, Path folder) {
        calls.add(platform.name() + " to " + folder);
        return List.of(new Finding(Finding.Severity.WARNING, "/uart", "slides have no room for it", "talk about it"));
      }

      @Override
      public Imported read(List<Path> files, Memory memory) {
        calls.add(files + " with " + (memory.bytes() >> 20) + " at " + memory.base());
        return new Imported(Fdt.of(FdtBuilder.root().build()), List.of());
      }
    };
  }

  private int topology(List<String> calls, String... arguments) {
    BoardProvider board = new BoardProvider() {
      @Override
      public String name() {
        return "plain";
      }

      @Override
      public String summary() {
        return "a board";
      }

      @Override
      public Fdt tree(BoardRequest request) {
        calls.add("board with " + request.cpus());
        return Fdt.of(FdtBuilder.root().build());
      }
    };
    PlatformReader reader = (PlatformReader) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PlatformReader.class},
        (self, method, given) -> new Platform((String) given[0], (Fdt) given[1], List.of(), Platform.Timing.STANDARD));
    PrintWriter to = new PrintWriter(err, true);
    return Commands.run(Commands.line(new Installed(null, null, reader, null, List.of(form(calls)), List.of(board), List.of(), List.of(),
        new PromptCommands(List::of), List.of(), null), null).setErr(to).setOut(to), arguments);
  }

  @Test
  void aBundlesFormOfDescriptionIsAnOptionOfExportAndImport(@TempDir Path folder) throws IOException {
    List<String> calls = new ArrayList<>();
    assertEquals(ExitCode.DONE, topology(calls, "topology", "export", "plain", "--cpus", "3", "--slides", "out"));
    assertEquals(List.of("board with 3", "plain to out"), calls);
    assertEquals("xenolith: warning: /uart: slides have no room for it; talk about it\n", err.toString());
    Path blob = folder.resolve("made.dtb");
    assertEquals(ExitCode.DONE, topology(calls, "topology", "import", "--slides", "a", "--slides", "b", blob.toString(), "--memory", "1G",
        "--memory-at", "0x80000000"));
    assertEquals("[a, b] with 1024 at OptionalLong[2147483648]", calls.getLast());
    assertEquals(0xd0, Files.readAllBytes(blob)[0] & 0xff);
  }

  @Test
  void whatDoesNotGoTogetherIsSaid() {
    List<String> calls = new ArrayList<>();
    for (List<String> wrong : List.of(List.of("export", "plain"), List.of("export", "plain", "x.dtb", "--slides", "d"),
        List.of("import", "--slides", "a", "x.dtb", "y.dtb"), List.of("import", "--slides", "a", "x.dtb", "--cpus", "2"),
        List.of("import", "plain", "x.platform", "--memory-at", "0x40000000"), List.of("import", "plain"))) {
      List<String> line = new ArrayList<>(List.of("topology"));
      line.addAll(wrong);
      err.getBuffer().setLength(0);
      assertEquals(ExitCode.BAD_INPUT, topology(calls, line.toArray(String[]::new)), line.toString());
      assertTrue(err.toString().startsWith("xenolith: ") && !err.toString().contains("Exception"), line + ": " + err);
    }
    assertEquals(List.of(), calls);
  }

  @Test
  void thePromptHasTheCommandsOfBundles() {
    Monitor monitor = new Monitor(machine, null, installed(List.of(), prompt("xl", "low "), prompt("xl", "high ")).prompt(), machine::stop);
    assertEquals("high [list, -l]\n", monitor.execute("xl list -l"));
    assertEquals("usage: xl THING\n", monitor.execute("xl"));
    assertTrue(monitor.execute("help").contains("xl THING   does it\n"), monitor.execute("help"));
    assertTrue(monitor.execute("xm list").contains("unknown command 'xm'"));
  }

  /** Whatever shows a text shows options as they are typed. */
  @Test
  void optionsInAnswersAreShownAsTheyAreTyped() {
    Monitor monitor = new Monitor(machine, null, installed(List.of(), prompt("xl", OptionName.option("memory") + " ")).prompt(),
        machine::stop);
    assertEquals("--memory [list]\n", monitor.execute("xl list"));
  }

  @Test
  void theHelpOfOneCommandIsItsOwn() {
    Monitor monitor = new Monitor(machine, null, installed(List.of(), prompt("xl", "")).prompt(), machine::stop);
    assertEquals("xl THING   does it\n", monitor.execute("help xl"));
    assertEquals("quit                       stop the machine\n", monitor.execute("help quit"));
    assertTrue(monitor.execute("help quti").contains("did you mean quit?"), monitor.execute("help quti"));
    assertTrue(monitor.names().containsAll(List.of("xl", "help", "status", "replace", "resume")), monitor.names().toString());
  }

  @Test
  void theShellSaysThatACommandNeedsAMachine() {
    ShellMachine shell = new ShellMachine(installed(List.of(), prompt("xl", "")));
    assertTrue(shell.added("xl", List.of("list")).contains("'launch' one"));
    assertTrue(shell.launch("--cpsu", "2").contains("--cpsu"));
    assertEquals("", shell.console());
  }
}
