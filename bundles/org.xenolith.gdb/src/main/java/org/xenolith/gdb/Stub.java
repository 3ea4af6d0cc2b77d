// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.Optional;
import java.util.function.Consumer;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.gdb.MachineBreakpoints.Breakpoint;
import org.xenolith.gdb.PacketReader.Received;
import org.xenolith.gdb.Reply.Fault;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.machine.api.ModelException;

/**
 * One debugger's session by GDB's remote serial protocol, without its line: bytes in, packets out. Whatever comes has an answer, and changes nothing but what the packet says. Its methods are
 * called one at a time; all but {@link #interrupt} while the machine is halted. Source: GDB manual, appendix "Remote Protocol"; LLDB's extensions to it.
 */
final class Stub {
  /** What becomes of the machine's run. */
  interface Runs {
    /** Lets the machine go on; {@link Stub#halted} is called when it is halted. */
    void go(ResumeRequest request);

    /** Halts it. */
    void halt();

    /** The debugger takes its leave: what it has set is gone, and the machine goes on. */
    void detach();

    /** The debugger ends the run. */
    void kill();
  }

  /** Packets that change memory or registers. */
  private static final String WRITES = "MXPG";
  private static final String MOVED =
      "a breakpoint is reached where the kernel runs now, and not where its names were loaded: load them again"
          + " (kernel-symbols, or monitor symbols FILE and symbol-file FILE)\n";
  private final DebuggedMachine machine;
  private final Runs runs;
  private final Consumer<byte[]> out;
  private final ThreadPackets threads;
  private final MemoryPackets memory;
  private final StopReply stopped;
  private final Queries queries;
  private boolean acknowledges = true;
  private byte[] sent = new byte[0];
  private boolean running;
  private boolean interrupted;
  private ResumeRequest request = ResumeRequest.CONTINUE;

  /** @param out sends bytes to the debugger */
  Stub(DebuggedMachine machine, Runs runs, Consumer<byte[]> out) {
    this.machine = machine;
    this.runs = runs;
    this.out = out;
    threads = new ThreadPackets(machine);
    memory = new MemoryPackets(machine);
    stopped = new StopReply(machine);
    queries = new Queries(machine, threads, stopped, new MonitorWords(machine));
  }

  /** Whether the debugger waits for the machine to be halted. */
  boolean running() {
    return running;
  }

  /** Takes what the debugger has sent. While the machine runs, nothing of it but an interrupt can be answered. */
  void received(Received received) {
    switch (received) {
      case Received.Packet packet -> packet(packet);
      case Received.Damaged _ -> send('-');
      case Received.Refused _ -> sendAgain();
      case Received.Interrupt _ -> interrupt();
      case Received.Acknowledged _ -> {
      }
    }
  }

  /** The debugger wants the machine halted. */
  void interrupt() {
    if (running) {
      interrupted = true;
      runs.halt();
    }
  }

  /** Where nothing is acknowledged gdb has just lost its patience, and the answer is on its way. */
  private void sendAgain() {
    if (acknowledges) {
      out.accept(sent);
    }
  }

  private void send(char sign) {
    if (acknowledges) {
      out.accept(new byte[] {(byte) sign});
    }
  }

  private void send(Reply reply) {
    sent = reply.packet();
    out.accept(sent);
  }

  /** The machine has been halted after it went on. */
  void halted() {
    if (!running) {
      return;
    }
    var reached = machine.breakpoints().reached();
    boolean above = machine.kernelMove().reached();
    machine.kernelMove().happened().ifPresent(by -> machine.breakpoints().moved(machine.kernelMove()::holds, by));
    boolean none = reached.isEmpty() && !interrupted;
    if (above && none && request.step().isEmpty()) {
      machine.breakpoints().apply();
      runs.go(request);
      return;
    }
    if (none && request.step().isPresent() && request.goesOn(machine.inspected().processor(request.step().getAsInt()).orElseThrow().place()
        .address())) {
      runs.go(request);
      return;
    }
    running = false;
    if (!none && !reached.isEmpty() && !machine.breakpoints().set(reached.getFirst().place())) {
      send(new Reply("O" + Reply.hex(MOVED).text()));
    }
    Reply reply = stopped.of(reached, request, interrupted);
    interrupted = false;
    send(reply);
  }

  /** The machine's run is over. @param status what the guest gave for it */
  void ended(int status) {
    send(new Reply("W%02x".formatted(status & 0xFF)));
  }

  private void packet(Received.Packet packet) {
    send('+');
    if (running) {
      return;
    }
    Optional<Reply> reply;
    try {
      reply = answer(packet);
    } catch (IllegalStateException | ModelException e) {
      reply = Optional.of(Reply.error(Fault.REFUSED));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      reply = Optional.of(Reply.error(Fault.INVALID));
    }
    reply.ifPresent(this::send);
  }

  /** Empty if the machine goes on, or the debugger. */
  private Optional<Reply> answer(Received.Packet packet) {
    String text = packet.text();
    if (machine.inPast() && !text.isEmpty() && WRITES.indexOf(text.charAt(0)) >= 0 && !text.endsWith(",0:")) {
      return Optional.of(new Reply("E.what was can't be written to"));
    }
    String rest = text.isEmpty() ? "" : text.substring(1);
    return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
      case '?' -> Optional.of(stopped.again());
      case '!' -> Optional.of(machine.inferiors().several() ? Reply.OK : Reply.UNKNOWN);
      case 'g' -> Optional.of(threads.all());
      case 'G' -> Optional.of(threads.setAll(rest));
      case 'p' -> Optional.of(threads.one(rest));
      case 'P' -> Optional.of(threads.set(rest));
      case 'm' -> Optional.of(memory.read(rest));
      case 'M' -> Optional.of(memory.write(rest));
      case 'x' -> Optional.of(memory.readBinary(rest));
      case 'X' -> Optional.of(memory.writeBinary(packet.data()));
      case 'Z', 'z' -> Optional.of(breakpoint(text.charAt(0) == 'Z', rest));
      case 'H' -> Optional.of(threads.choose(rest));
      case 'T' -> Optional.of(threads.alive(rest));
      case 'c', 'C', 's', 'S' -> run(text.charAt(0), rest);
      case 'v' -> several(rest);
      case 'b' -> Optional.of(backwards(rest));
      case 'j' -> Optional.of(text.equals("jThreadsInfo") ? threads.json() : Reply.UNKNOWN);
      case 'q', 'Q' -> query(text);
      case 'D' -> detach(rest);
      case 'k' -> {
        runs.kill();
        yield Optional.empty();
      }
      default -> Optional.of(Reply.UNKNOWN);
    };
  }

  /** Empty or {@code ;INFERIOR}: who has several inferiors leaves one after the other. */
  private Optional<Reply> detach(String rest) {
    if (machine.inferiors().several() && rest.startsWith(";")) {
      machine.inferiors().detach(Reply.small(rest.substring(1)));
      if (!machine.inferiors().detached()) {
        return Optional.of(Reply.OK);
      }
    }
    send(Reply.OK);
    runs.detach();
    return Optional.empty();
  }

  private Optional<Reply> query(String text) {
    if (text.equals("QStartNoAckMode")) {
      send(Reply.OK);
      acknowledges = false;
      return Optional.empty();
    }
    return Optional.of(queries.of(text));
  }

  private Reply breakpoint(boolean insert, String text) {
    Optional<Breakpoint> breakpoint = MachineBreakpoints.breakpoint(text, machine.physical(), machine.physical() ? "" : Inferiors.guest(
        machine.inferiors().chosen()));
    if (breakpoint.isEmpty()) {
      return Reply.UNKNOWN;
    }
    if (insert) {
      machine.breakpoints().insert(breakpoint.get());
    } else {
      machine.breakpoints().remove(breakpoint.get());
    }
    return Reply.OK;
  }

  /** Packets of before vCont: {@code c s [ADDRESS]}, and {@code C S} with a signal, which a machine has no use for. */
  private Optional<Reply> run(char what, String rest) {
    boolean signal = what == 'C' || what == 'S';
    int semicolon = rest.indexOf(';');
    String address = signal ? semicolon < 0 ? "" : rest.substring(semicolon + 1) : rest;
    if (!address.isEmpty()) {
      long to = Long.reverseBytes(Reply.number(address));
      machine.registers().set(machine.processor(), machine.registers().pc(), "%016x".formatted(to));
    }
    return go(Optional.of(what == 's' || what == 'S' ? ResumeRequest.step(machine.processor()) : ResumeRequest.CONTINUE));
  }

  /** Packets of several letters. */
  private Optional<Reply> several(String text) {
    if (text.equals("Cont?")) {
      return Optional.of(new Reply("vCont;c;C;s;S;t;r"));
    }
    if (text.startsWith("Cont;")) {
      return go(ResumeRequest.of(text.substring("Cont;".length()), machine));
    }
    if (text.startsWith("Attach;") && machine.inferiors().several()) {
      Optional<Inferiors.Named> found = machine.inferiors().attach(Reply.small(text.substring("Attach;".length())));
      return Optional.of(found.map(stopped::attached).orElse(new Reply(
          "E.no CPU executes code of that domain now; 'monitor domains' lists them")));
    }
    if (text.startsWith("Kill")) {
      // Of a domain's there is none: it isn't the debugger's to end.
      if (machine.inferiors().several() && !text.equals("Kill;1")) {
        return Optional.of(Reply.error(Fault.UNABLE));
      }
      send(Reply.OK);
      runs.kill();
      return Optional.empty();
    }
    return Optional.of(Reply.UNKNOWN);
  }

  /** {@code c} or {@code s} of packet b. */
  private Reply backwards(String how) {
    Optional<DebuggedPast> past = machine.past();
    if (past.isEmpty() || !how.equals("c") && !how.equals("s")) {
      return Reply.UNKNOWN;
    }
    return inPast(past.get(), how.equals("s") ? ResumeRequest.step(threads.going()) : ResumeRequest.CONTINUE, false);
  }

  private Reply inPast(DebuggedPast past, ResumeRequest wanted, boolean forwards) {
    try {
      Arrival arrival = DebuggedMoves.move(past, machine, wanted, forwards);
      if (arrival.why() == Why.FIRST && !past.history().beforeFirst().isEmpty()) {
        says(past.history().beforeFirst());
      }
      return stopped.of(arrival, wanted);
    } catch (BadInput e) {
      says(e.getMessage());
      return stopped.again();
    }
  }

  /** The debugger shows it, while it waits for a machine. */
  private void says(String text) {
    send(new Reply("O" + Reply.hex(OptionName.onCommandLine(text) + "\n").text()));
  }

  private Optional<Reply> go(Optional<ResumeRequest> wanted) {
    if (wanted.isEmpty()) {
      return Optional.of(stopped.again());
    }
    if (machine.inPast()) {
      return Optional.of(inPast(machine.past().orElseThrow(), wanted.get(), true));
    }
    machine.breakpoints().apply();
    machine.kernelMove().begin(machine.breakpoints().any(machine.kernelMove()::holds));
    request = wanted.get();
    running = true;
    interrupted = false;
    runs.go(request);
    return Optional.empty();
  }
}
