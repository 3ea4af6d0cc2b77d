// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.SubCommand;
import org.xenolith.machine.control.Machine;
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

  @Test
  void aCommandThatCanNotBeUsedLeavesTheOthersAlone() {
    SubCommand broken = () -> {
      throw new IllegalStateException("broken");
    };
    assertEquals(ExitCode.DONE, run(List.of(SecondBoot::new, broken, Object::new, Hello::new), "boot", "--help"));
    assertTrue(err.toString().contains("--until"), err.toString());
    assertEquals(ExitCode.BAD_INPUT, run(List.of(broken, Hello::new), "hello"));
  }

  @Test
  void thePromptHasTheCommandsOfBundles() {
    Monitor monitor = new Monitor(machine, null, installed(List.of(), prompt("xl", "low "), prompt("xl", "high ")).prompt(), machine::stop);
    assertEquals("high [list, -l]\n", monitor.execute("xl list -l"));
    assertEquals("usage: xl THING\n", monitor.execute("xl"));
    assertTrue(monitor.execute("help").contains("xl THING   does it\n"), monitor.execute("help"));
    assertTrue(monitor.execute("xm list").contains("unknown command 'xm'"));
  }

  @Test
  void theShellSaysThatACommandNeedsAMachine() {
    ShellMachine shell = new ShellMachine(installed(List.of(), prompt("xl", "")));
    assertTrue(shell.added("xl", List.of("list")).contains("'launch' one"));
    assertTrue(shell.launch("--cpsu", "2").contains("--cpsu"));
    assertEquals("", shell.console());
  }
}
