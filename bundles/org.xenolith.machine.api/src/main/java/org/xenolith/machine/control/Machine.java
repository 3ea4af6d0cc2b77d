// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.watch.AddressWatcher;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.platform.api.Platform;

/**
 * One machine, as an application drives it. {@link #run} executes on the caller's thread; {@link #input} and {@link #post}
 * may be called from any thread and take effect at a safe point; everything else only while {@code run} is not executing.
 */
@ProviderType
public interface Machine extends AutoCloseable {
  /** Virtual time that a reset takes: that of firmware, and a guest that resets again and again comes to the end of any limit. */
  long RESET_NANOSECONDS = 1_000_000_000L;

  /** What it was built from. */
  Platform platform();

  /** What people call it who have several: its board's name, with a number if an open machine was called so already. Any thread. */
  default String name() {
    return platform().name();
  }

  /** Has it called otherwise from now on, as who makes machines for a purpose does. No guest sees it, and nothing keeps it. Any thread. */
  default void name(String name) {}

  /** The permanent port of that type at a node; see {@code DeviceContext.port}. */
  <T> T port(String node, Class<T> type);

  /** The permanent ports of that type that somebody has asked for, by the paths of their nodes; none is made. */
  default <T> Map<String, T> ports(Class<T> type) {
    return Map.of();
  }

  /** Devices with the bundle that serves each, in node order. */
  List<DeviceFact> devices();

  /**
   * Registers of a device as they are stored, in the order of its tables. Nothing is read as a guest does it, so that nothing changes.
   *
   * @param instance as {@link #devices} has it
   * @return none if it is absent, or has no tables
   * @throws IllegalArgumentException if there is no such device
   */
  List<StoredRegister> registers(String instance);

  /**
   * What is stored in one register of a device; of those of a table it costs the same however many these are.
   *
   * @param register as {@link #registers} has it; its value is not looked at
   * @return empty if what a guest reads is made when it reads
   * @throws IllegalArgumentException if there is no such device, or it hasn't that one
   */
  OptionalLong stored(String instance, StoredRegister register);

  /** Enabled nodes with windows that no model serves, in node order. */
  List<String> unmodelled();

  /** Copies bytes into RAM. Who gives 1 MiB or more at once changes them no more: what is kept of the machine's past may refer to them instead of having a copy. */
  void load(long address, byte[] bytes, int offset, int length);

  /**
   * Says what the machine begins with, before its first run, as whoever launches it has it: a file's bytes, by whatever way and in whatever form they come to the guest. A recording has the digest of each and is
   * replayed on the same only ({@link #record(Path)}), and names what differs. Nobody changes the bytes any more.
   *
   * @param what in the place of an earlier one of that name
   */
  default void given(ContentName what, byte[] content) {}

  /** Copies bytes out of RAM. */
  byte[] peek(long address, int length);

  /**
   * Powers the boot CPU on, to be entered so; the others stay off or do what their firmware says.
   *
   * @throws org.xenolith.machine.api.ModelException if the CPU is of another architecture than the entry
   */
  void start(CpuEntry entry);

  /**
   * Loads software that the machine itself consists of, a hypervisor, and that waits for it: its node has the property {@code
   * xenolith,deferred}, and nothing at that node is there from power-on, nor after a reset. All CPUs must be off; who calls starts one.
   * On the machine's thread between two instructions, as in an alarm, or while it stands still.
   *
   * @param node    path of the node
   * @param prepare called when the models are made and not reset yet: what they must not touch can be said to them
   * @throws IllegalStateException if nothing waits there, or a CPU is on
   */
  void loadSoftware(String node, Runnable prepare);

  /**
   * Executes until something in {@code limit} ends it, the guest powers off or resets (see {@link #onReset}), or nothing can ever happen again.
   *
   * @throws OutOfMemoryError if the host has no memory left for guest RAM that is touched first; the machine can't go on
   */
  StopReason run(RunLimit limit);

  /** The status with which the guest ended the run; empty unless that is how it ended, with {@link StopReason#EXIT}. */
  default OptionalInt exitStatus() {
    return OptionalInt.empty();
  }

  /**
   * What happens when the guest resets the machine. With {@code boot} the machine resets as hardware does, and goes on: CPUs are off and
   * all devices as at power-on, RAM is zero (but after a warm reset), what software the machine itself consists of is made anew; what
   * belongs to the outside stays: disks keep their content, lines and networks are connected. Virtual time goes on, {@link
   * #RESET_NANOSECONDS} later. Then {@code boot} is called on the machine's thread to {@link #load} and {@link #start} it again; what it
   * throws is an event {@code reset-failed}, and the run ends. Without, which is how it begins, a reset ends {@link #run} with {@link
   * StopReason#RESET}; the machine is reset when it is run again with {@code boot}.
   *
   * <p>On the machine's thread, or while it stands still.
   *
   * @param boot null for none
   * @return what was in its place
   */
  Runnable onReset(@Nullable Runnable boot);

  /**
   * Ends {@link #run} with {@link StopReason#STOPPED}: at the next safe point, or, called on the machine's thread (by a port's
   * sink, say), exactly after the current instruction, so that the stop is as deterministic as its cause. Any thread.
   */
  void stop();

  /**
   * Has the next {@link #run} end with {@link StopReason#STOPPED} as soon as a CPU has executed one instruction. Which CPU executes when is what it would be without:
   * the others go on until then, and one that waits is waited for. What ends the run before forgets it. While {@code run} isn't executing.
   *
   * @param cpu its index
   * @throws IllegalArgumentException if there is none
   */
  void step(int cpu);

  /**
   * Brings outside input at the next safe point and journals it. Any thread.
   *
   * @param kind  the kind of input that a handler is registered for, for example {@code serial}
   * @param place node path
   * @param bytes payload
   */
  void input(String kind, String place, byte[] bytes);

  /**
   * Brings outside input that is taken at once, and journals it: while the machine isn't running, or on its thread at a safe point, as in an action given to {@link #post}.
   *
   * @throws IllegalArgumentException if nobody takes inputs of that kind, or who does refuses it; then nothing has changed, and nothing is journalled
   * @throws IllegalStateException while the machine takes inputs from a journal
   */
  void inputNow(String kind, String place, byte[] bytes);

  /** Registers what applies inputs of a kind; it runs on the machine's thread at a safe point. */
  void inputHandler(String kind, InputHandler handler);

  /** Runs an action on the machine's thread at the next safe point; not journalled. Any thread. */
  void post(Runnable action);

  /**
   * Runs an action on the machine's thread when so many instructions have been executed, exactly then; at once if they have been. What comes from outside at that count comes after it. It isn't
   * journalled, and no guest can see that it was done. On the machine's thread, as in an action, or while it stands still.
   *
   * @param instructions of all CPUs together
   */
  void postAt(long instructions, Runnable action);

  /**
   * Which of the machine's instructions a CPU has executed last.
   *
   * @param cpu its index
   * @throws IllegalArgumentException if there is none
   */
  Executed latest(int cpu);

  /** Instructions executed so far, all CPUs together. */
  long instructions();

  /** Virtual nanoseconds since power-on. */
  long now();

  /** The CPU that executes now, by its index, for who is told something on the machine's thread; -1 between two slices of execution. */
  default int executing() {
    return -1;
  }

  /** SHA-256 over CPU state, RAM, device records in node order and virtual time, in hexadecimal. */
  String digest();

  /** Events counted by kind. */
  Map<String, Long> events();

  /** The event log, for what applications do to the machine. */
  EventLog eventLog();

  /**
   * Who is told of every event from now on, on the thread where it happens; of many events of one kind at one place only some
   * are told. Replaces an earlier listener.
   */
  void eventListener(EventLog listener);

  /** Its CPUs, in the order of their nodes; the same for the machine's life. */
  List<CpuPort> processors();

  /**
   * Has somebody told what the machine does, besides those who are told already. It is no input: what the guest sees, and the digest, are the same. Also from
   * an action given to {@link #post}, never from within a model or a port's sink, or a watcher.
   */
  void watch(MachineWatcher watcher);

  /** Undoes {@link #watch}; nothing if that watcher isn't told, as it threw or was never given. From the same places. */
  void forget(MachineWatcher watcher);

  /**
   * Has somebody told of addresses that are met, instead of those that were given for the same watcher before. It is no input, as {@link #watch(MachineWatcher)} isn't. A machine
   * without any pays nothing; code in pages that have none is executed as fast as before. From the same places.
   *
   * @param addresses none ends it
   * @throws org.xenolith.machine.api.ModelException if a CPU can't tell: its model is one that doesn't
   */
  void watch(AddressWatcher watcher, List<WatchedAddress> addresses);

  /** Writes a snapshot into a new directory. */
  void save(Path directory) throws IOException;

  /**
   * The same, but what RAM of another snapshot has isn't written again: who takes over the new one needs both, and neither may be changed. What it finds of the other it names by its path from the new one.
   *
   * @param onto folder of the other one, that needs no further; empty for all
   * @throws IOException if that is no snapshot of its own, or damaged
   */
  default void save(Path directory, Optional<Path> onto) throws IOException {
    if (onto.isPresent()) {
      throw new IOException("this machine's core saves whole snapshots only");
    }
    save(directory);
  }

  /**
   * Takes over a snapshot made of a machine with the same topology.
   *
   * @throws IOException if it does not fit; the message names the field or provider
   */
  void restore(Path directory) throws IOException;

  /** Its state at a safe point, kept in memory. Also while it runs; on its thread only in an action given to {@link #post} or {@link #postAt}. */
  MachineState state() throws IOException;

  /**
   * The same for one of many that follow each other soon, and that few go back to: it takes memory for what was written since the one before, while who takes it over writes all that was written since the
   * first.
   */
  default MachineState nextState() throws IOException {
    return state();
  }

  /** Host memory that is kept for RAM in states of this machine that aren't closed, in bytes; what several have in common, or the machine itself, counts once. 0 if that isn't known. Any thread. */
  default long keptBytes() {
    return 0;
  }

  /**
   * Takes over the state of a machine with the same topology, as {@link #restore(Path)} does a snapshot.
   *
   * @throws IOException if it does not fit; the message names the field or provider
   */
  void restore(MachineState state) throws IOException;

  /**
   * Records inputs into a file from now on, and the digests of what the machine runs on: of what it was {@link #given}, its memory and its disks, or of the state that it goes on from.
   */
  void record(Path file) throws IOException;

  /**
   * The same, with a line in the journal's header that says how its machine is made.
   *
   * @param command as {@code org.xenolith.machine.kit.JournalCommand} or {@code JournalScenario} writes it; without an end of line
   */
  default void record(Path file, String command) throws IOException {
    record(file);
  }

  /**
   * Takes inputs from a recorded file instead of from {@link #input}.
   *
   * @throws IOException if the file can't be used, or says of anything that the machine runs on that it was another; the message names it and its line
   */
  void replay(Path file) throws IOException;

  /**
   * Looks whether a recording was made of a machine that began with what this one has, as {@link #replay(Path)} does, and takes nothing else of it: for who makes its run again by other means. Before the first run.
   *
   * @throws IOException if it wasn't, or the file can't be used; the message names what differs and its line
   */
  default void checkContents(Path recording) throws IOException {}

  /**
   * Takes the inputs that another machine took, instead of from {@link #input}: those by now, from the moment on at which that one had a state.
   *
   * @param from what this machine was given last, nothing of which has been executed yet
   * @throws IllegalArgumentException if they are of another core
   */
  void replay(MachineInputs inputs, MachineState from);

  /** Has what comes in from outside be kept in memory from now on, whatever else is done with it: recorded, or taken from a file. Always the same object. */
  MachineInputs inputs();

  /** Paces idle jumps of virtual time to host time (for a person at a terminal), or not. It only delays. */
  void governor(boolean on);

  /**
   * Says that something outside may wake it, besides who brings input now and then: a run doesn't end while nothing else can ({@link
   * StopReason#IDLE}), and as long as it is busy idle virtual time passes as the host's does. It only delays, and means nothing in a replay.
   *
   * @param busy whether something outside is asked or connected; called on the machine's thread; null if there is nothing outside
   */
  default void outside(@Nullable BooleanSupplier busy) {}

  /** Whether what comes from outside is taken; else it replays what was recorded. On its thread, or while it stands still. */
  default boolean live() {
    return true;
  }

  /** The call into a bundle that the machine has been stuck in for some seconds of the host's; empty while all is well. Any thread. */
  Optional<Hang> hang();

  /**
   * Takes the model that {@link #hang hangs} off the bus, as if it had thrown: its thread is interrupted; if it doesn't heed that, the
   * thread is given up and another one goes on, if the machine was between two instructions. Not on the machine's thread; takes up to
   * some seconds.
   */
  TakenOff takeOff();

  /** Who has another thread call {@link #run} again, with the same limit, when the one that did was given up. */
  void continuer(Runnable goOn);

  /**
   * Ends the machine, and gives its memory back: what runs it, or reads, writes or keeps its memory ({@link #run}, {@link #load}, {@link #peek},
   * {@link #digest}, {@link #save}, {@link #restore}) throws an {@link IllegalStateException} from now on. One that hangs is left as it is, but for its
   * journal: nothing of it is called any more.
   */
  @Override
  void close();

  /**
   * What became of a model that hung.
   *
   * @param done whether it is off the bus and the machine goes on
   * @param text how, or why not; for people
   */
  record TakenOff(boolean done, String text) {}

  /**
   * Instructions that one CPU executed one after another.
   *
   * @param first the machine's count of instructions before the first of them
   * @param end   and behind the last; the same if there were none since the machine was made, or took a state over
   */
  record Executed(long first, long end) {
    /** There were none. */
    public static final Executed NOTHING = new Executed(0, 0);
  }

  /** Applies one outside input. */
  interface InputHandler {
    /** Returns how many bytes were taken; the rest is offered again at a later safe point. */
    int apply(String place, byte[] bytes);
  }

  /**
   * One device and what serves it.
   *
   * @param instance the node's path, with a suffix for a function
   * @param model    name from the model's description; empty while absent
   * @param bundle   symbolic name of the provider; empty while absent
   * @param version  version of the provider
   */
  record DeviceFact(String instance, String model, String bundle, String version) {}

  /**
   * What ends a run.
   *
   * @param virtualNanoseconds absolute virtual time, or {@link Long#MAX_VALUE}
   * @param instructions       absolute instruction count, or {@link Long#MAX_VALUE}
   */
  record RunLimit(long virtualNanoseconds, long instructions) {
    /** No limit. */
    public static final RunLimit NONE = new RunLimit(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Why a run ended. */
  enum StopReason {
    /** {@link Machine#stop()} was called. */
    STOPPED,
    /** The guest powered off. */
    POWER_OFF,
    /** The guest ended the run with a status of its own: {@link Machine#exitStatus}. */
    EXIT,
    /** The guest asked for a reset, and nothing boots the machine again; see {@link Machine#onReset}. */
    RESET,
    /** All CPUs wait and nothing is armed: no input from inside can ever wake them. */
    IDLE,
    /** No CPU does anything but to take the same exception again and again, for ever: the event {@code exception-loop} says which. */
    EXCEPTION_LOOP,
    /** A limit was reached. */
    LIMIT,
    /** An internal fault: the event log has it. */
    FAULT
  }
}
