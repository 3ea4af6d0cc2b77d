// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.lsp4j.debug.ExitedEventArguments;
import org.eclipse.lsp4j.debug.TerminatedEventArguments;
import org.eclipse.lsp4j.jsonrpc.debug.messages.DebugRequestMessage;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.dap.DapFrames.BadFrame;
import org.xenolith.dap.WireMessages.BadMessage;
import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.debug.kit.DebuggerProtocol.Conversation;
import org.xenolith.debug.kit.DebuggerProtocol.Reaction;
import org.xenolith.debug.kit.DebuggerProtocol.Runs;
import org.xenolith.machine.api.ModelException;

/**
 * One client's session by the Debug Adapter Protocol, without its line. Whatever request comes has a response, and changes nothing but what it says. Source: Debug Adapter Protocol,
 * specification 1.68.
 */
final class DapConversation implements Conversation, ClientSession {
  private static final String PAUSE = "\"pause\"";
  private final Supplier<AdaptedMachine> adapted;
  private final Runs runs;
  private final Consumer<byte[]> out;
  private final DapFrames frames = new DapFrames();
  private final WireMessages messages = new WireMessages();
  private final Map<String, DapRequest> requests = new TreeMap<>();
  private final List<Runnable> later = new ArrayList<>();
  /** Null before the client has said anything; read by the thread that reads. */
  private volatile AdaptedMachine machine;
  private RunRequests run;

  /** @param adapted the machine as this client has it, when it is halted */
  DapConversation(Supplier<AdaptedMachine> adapted, Runs runs, Consumer<byte[]> out) {
    this.adapted = adapted;
    this.runs = runs;
    this.out = out;
  }

  @Override
  public void read(byte[] bytes, int count, Consumer<Reaction> found) {
    try {
      frames.take(bytes, count).forEach(text -> {
        if (text.contains(PAUSE)) {
          gone(); // The conversation's thread may be underway through the past, and hears of it only then.
        }
        found.accept(() -> received(text));
      });
    } catch (BadFrame e) {
      found.accept(() -> {
        says(e.getMessage());
        runs.refuse(e.getMessage());
      });
    }
  }

  @Override
  public void gone() {
    AdaptedMachine now = machine;
    if (now != null) {
      now.past().ifPresent(DebuggedPast::cancel);
    }
  }

  @Override
  public void begin() {
    machine = adapted.get();
    PlantedBreakpoints breakpoints = new PlantedBreakpoints(machine);
    VariableRequests variables = new VariableRequests(machine);
    run = new RunRequests(machine, this, runs, breakpoints, variables.tree()::clear);
    new BreakpointRequests(machine, breakpoints).addTo(requests);
    variables.addTo(requests);
    new MemoryRequests(machine).addTo(requests);
    new Evaluator(machine).addTo(requests);
    new SessionRequests(this, run, runs, machine.past().isPresent()).addTo(requests);
    run.addTo(requests);
    new ThreadRequests(machine).addTo(requests);
  }

  @Override
  public boolean running() {
    return run.running();
  }

  @Override
  public void halted() {
    run.halted();
  }

  @Override
  public void ended(int status) {
    ExitedEventArguments exited = new ExitedEventArguments();
    exited.setExitCode(status);
    event("exited", exited);
    event("terminated", new TerminatedEventArguments());
  }

  @Override
  public void left() {
    says("the bundle that serves this is replaced or removed; the machine goes on");
    event("terminated", new TerminatedEventArguments());
  }

  @Override
  public void clear() {
    machine.past().ifPresent(DebuggedPast::leave);
    machine.stops().apply(List.of());
  }

  @Override
  public void event(String name, Object body) {
    out.accept(messages.event(name, body));
  }

  @Override
  public void says(String sentence) {
    out.accept(messages.says(OptionName.onCommandLine(sentence)));
  }

  @Override
  public void later(Runnable what) {
    later.add(what);
  }

  private void received(String text) throws InterruptedException {
    try {
      var request = messages.request(text);
      if (request.isPresent()) {
        answer(request.get());
      }
    } catch (BadMessage e) {
      if (e.request().isPresent()) {
        out.accept(messages.refusal(e.request().get(), e.getMessage()));
      } else {
        says("a message was left out: " + e.getMessage());
      }
    }
  }

  private void answer(DebugRequestMessage message) throws InterruptedException {
    DapRequest request = requests.get(message.getMethod());
    later.clear();
    try {
      if (request == null) {
        throw new RequestRefused("'" + message.getMethod() + "' isn't served here");
      }
      Object[] body = new Object[1];
      Runnable answers = () -> body[0] = request.answer(message.getParams());
      switch (request.when()) {
        case ANY_TIME -> answers.run();
        case HALTED -> {
          if (run.running()) {
            throw new RequestRefused("the machine runs; pause it first");
          }
          runs.look(answers);
        }
        case BRIEFLY -> run.briefly(answers);
      }
      out.accept(messages.response(message, body[0]));
      later.forEach(Runnable::run);
    } catch (RequestRefused | BadInput | IllegalArgumentException | ModelException e) {
      out.accept(messages.refusal(message, e.getMessage()));
    } catch (ClassCastException | NullPointerException e) {
      out.accept(messages.refusal(message, "its arguments aren't those of '" + message.getMethod() + "'"));
    }
  }
}
