// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.debug.kit.DebuggerProtocol;
import org.xenolith.gdb.PacketReader.Received;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;

/** GDB's remote serial protocol for one machine. */
final class GdbProtocol implements DebuggerProtocol {
  private final Machine machine;
  private final MachineInspector inspector;
  private final Supplier<Optional<SymbolFinder>> finder;
  private final Supplier<Optional<MachineHistories>> histories;

  /**
   * For a machine.
   *
   * @param finder    finds names; empty while nobody does
   * @param histories has machines' pasts; empty while nobody does
   */
  GdbProtocol(Machine machine, MachineInspector inspector, Supplier<Optional<SymbolFinder>> finder, Supplier<Optional<
      MachineHistories>> histories) {
    this.machine = machine;
    this.inspector = inspector;
    this.finder = finder;
    this.histories = histories;
  }

  @Override
  public String invitation(String host, int port) {
    return "gdb-multiarch -ex 'target remote " + host + ":" + port + "'";
  }

  @Override
  public byte[] refusal(InputStream in) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write('+');
    bytes.writeBytes(new Reply("E.another debugger is connected").packet());
    return bytes.toByteArray();
  }

  @Override
  public Conversation begin(Runs runs, Consumer<byte[]> out) {
    return new GdbConversation(runs, out);
  }

  /** One debugger's: packets of what comes, and the stub. */
  private final class GdbConversation implements Conversation, Stub.Runs {
    private final Runs runs;
    private final Consumer<byte[]> out;
    private final PacketReader reader = new PacketReader();
    /** Read by the thread that reads what comes. */
    private volatile Optional<DebuggedPast> past = Optional.empty();
    private DebuggedMachine debugged;
    private Stub stub;

    GdbConversation(Runs runs, Consumer<byte[]> out) {
      this.runs = runs;
      this.out = out;
    }

    @Override
    public void read(byte[] bytes, int count, Consumer<Reaction> found) {
      for (int i = 0; i < count; i++) {
        reader.next(bytes[i] & 0xFF).ifPresent(what -> {
          if (what instanceof Received.Interrupt) {
            past.ifPresent(DebuggedPast::cancel);
          }
          found.accept(() -> received(what));
        });
      }
    }

    private void received(Received what) throws InterruptedException {
      if (stub.running()) {
        stub.received(what);
      } else {
        runs.look(() -> stub.received(what));
      }
    }

    @Override
    public void gone() {
      past.ifPresent(DebuggedPast::cancel);
    }

    @Override
    public void begin() {
      past = histories.get().flatMap(all -> all.of(machine)).map(history -> new DebuggedPast(history, inspector::of));
      debugged = new DebuggedMachine(machine, inspector.of(machine), finder.get(), past, runs::halt);
      stub = new Stub(debugged, this, out);
    }

    @Override
    public boolean running() {
      return stub.running();
    }

    @Override
    public void halted() {
      stub.halted();
    }

    @Override
    public void ended(int status) {
      stub.ended(status);
    }

    @Override
    public void left() {
      stub.ended(0);
    }

    @Override
    public void clear() {
      past.ifPresent(DebuggedPast::leave);
      debugged.breakpoints().clear();
      debugged.kernelMove().end();
    }

    @Override
    public void go(ResumeRequest request) {
      if (request.step().isPresent()) {
        runs.step(request.step().getAsInt());
      } else {
        runs.go();
      }
    }

    @Override
    public void halt() {
      runs.halt();
    }

    @Override
    public void detach() {
      runs.detach();
    }

    @Override
    public void kill() {
      runs.kill();
    }
  }
}
