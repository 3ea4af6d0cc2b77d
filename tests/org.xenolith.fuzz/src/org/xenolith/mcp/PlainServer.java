// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.RunControl;
import org.xenolith.launch.kit.ConsoleEnd;
import org.xenolith.machine.control.Machine;

/** Serves one machine to a client whose lines are all there already. */
public final class PlainServer {
  private static final int PIPE = 1 << 16;
  private final SteeredRun run;
  private final CallsUnderway calls;
  private final List<MachineTool> tools;

  /**
   * The tools that a client has by default.
   *
   * @param control lets the machine go on; whoever made it has told {@link #session} when it stands
   * @param words   of the prompt; those that only look are tools
   */
  public PlainServer(Machine machine, RunControl control, List<MonitorCommand> words) {
    ConsoleText console = new ConsoleText();
    run = new SteeredRun(console);
    calls = new CallsUnderway(run::far);
    tools = new ArrayList<>(new RunTools(run, console, new ConsoleEnd(machine, "", console::accept), Optional::empty).tools(false));
    tools.addAll(new WordTools(run, () -> words, List::of).tools(false));
    run.begin(machine, control);
  }

  /** Who hears that the machine stands. */
  public Debugger.Session session() {
    return run;
  }

  /** The run has ended. */
  public void ended(String how) {
    run.ended(how);
  }

  /** Names of the tools, in their order. */
  public List<String> tools() {
    return tools.stream().map(MachineTool::name).toList();
  }

  /**
   * What lines are answered.
   *
   * @param patience milliseconds for which answers are waited for
   */
  public String answers(byte[] lines, long patience) throws IOException, InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AnswerLines answers = new AnswerLines(out, calls);
    PipedInputStream in = new PipedInputStream(PIPE);
    ClientLines client = new ClientLines(new ByteArrayInputStream(lines), new PipedOutputStream(in), answers, calls, patience);
    try (ToolServer _ = new ToolServer(tools, "0", "", in, answers, calls)) {
      client.read();
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
