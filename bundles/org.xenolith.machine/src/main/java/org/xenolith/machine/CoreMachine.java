// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.bus.RamBanks;
import org.xenolith.machine.change.Handover;
import org.xenolith.machine.change.Reconciliation;
import org.xenolith.machine.content.StartContents;
import org.xenolith.machine.control.ContentName;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.HardwareFault;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.control.MachineState;
import org.xenolith.machine.control.StoredRegister;
import org.xenolith.machine.hang.TakingOff;
import org.xenolith.machine.hang.Watchdog;
import org.xenolith.machine.journal.JournalReplay;
import org.xenolith.machine.journal.MachineSources;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.processors.CpuTurn;
import org.xenolith.machine.processors.Turn;
import org.xenolith.machine.run.ChangedBundle;
import org.xenolith.machine.run.OutsideInputs;
import org.xenolith.machine.run.RunLoop;
import org.xenolith.machine.snapshot.MachineDigest;
import org.xenolith.machine.snapshot.TopologyDigest;
import org.xenolith.machine.watch.AddressWatcher;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.platform.api.Platform;

/** A machine as an application sees it: the sum of its parts. */
public final class CoreMachine implements Machine {
  private final Hardware hardware;
  private final Offers offers;
  private final MachineRequest request;
  private final Consumer<CoreMachine> onClose;
  private final RunLoop loop;
  private final MachineStates states;
  private final MachineSources sources;
  private final StartContents contents;
  private final Watchdog watchdog;
  private final Watchdog.Watch watch;
  private volatile Runnable continuer;
  private volatile String name;
  private boolean closed;
  private final Runnable reconcileSoon = () -> loop().post(this::reconcileJournalled);

  /**
   * @param bundles does to bundles what a replayed journal says
   * @param onClose told when the machine is closed
   * @param watchdog looks whether models come back
   */
  CoreMachine(Hardware hardware, Offers offers, MachineRequest request, JournalReplay.BundleReplay bundles,
      Consumer<CoreMachine> onClose, Watchdog watchdog) {
    this.hardware = hardware;
    this.offers = offers;
    this.request = request;
    this.onClose = onClose;
    String topology = TopologyDigest.of(request);
    name = hardware.platform.name();
    this.watchdog = watchdog;
    loop = new RunLoop(hardware, () -> hang().map(Hang::toString).orElse(null));
    loop.inputs().others(kind -> offers.inputKind(kind).map(each -> (place, bytes) -> each.apply(this, place, bytes)));
    loop.inputs().handler(HardwareFault.INJECTED, hardware.faults::inject);
    loop.inputs().handler(HardwareFault.ENDED, hardware.faults::end);
    contents = new StartContents(hardware);
    states = new MachineStates(hardware, offers, topology, loop, watchdog, contents);
    sources = new MachineSources(hardware, loop, topology, contents, bundles);
    watch = watchdog.watch("while the machine ran", loop::thread, loop::turns, this::about);
    offers.listen(reconcileSoon);
  }

  /** Brings the machine in line with what is offered; the caller has made it stand still. Returns what changed. */
  public int reconcile() {
    offers.tellIdle(hardware.events, hardware.toldIdle);
    return new Reconciliation(hardware, offers, request.engine()).run().size();
  }

  /** Services came or went by other means than a live change: what follows for this machine is an outside input. */
  private void reconcileJournalled() {
    offers.tellIdle(hardware.events, hardware.toldIdle);
    new Reconciliation(hardware, offers, request.engine()).run().stream().distinct()
        .sorted(Comparator.comparing(step -> step.provider().bundle()))
        .forEach(step -> loop.source().changed(new ChangedBundle(step.operation(), step.provider().bundle(), step.provider().version())));
  }

  /** The part of this machine in the replacement of a bundle. */
  public Handover handover(String bundle) {
    return new Handover(hardware, offers, bundle);
  }

  /** What a watch of this machine is about. */
  List<Hardware> about() {
    return List.of(hardware);
  }

  public Hardware hardware() {
    return hardware;
  }

  public RunLoop loop() {
    return loop;
  }

  @Override
  public Platform platform() {
    return hardware.platform;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void name(String called) {
    name = called;
  }

  @Override
  public <T> T port(String node, Class<T> type) {
    if (hardware.platform.node(node).isEmpty()) {
      throw new ModelException(node + ": no such node in " + hardware.platform.name());
    }
    return hardware.ports.port(node, type);
  }

  @Override
  public <T> Map<String, T> ports(Class<T> type) {
    return hardware.ports.of(type);
  }

  @Override
  public List<DeviceFact> devices() {
    return hardware.slots.stream().filter(s -> s.present() || s.capture() != null).map(slot -> {
      ModelOffer offer = slot.present() ? slot.offer() : null;
      return offer == null ? new DeviceFact(slot.instance(), "", "", "")
          : new DeviceFact(slot.instance(), offer.factory().description().name(), offer.provider().bundle(),
              offer.provider().version());
    }).toList();
  }

  @Override
  public List<StoredRegister> registers(String instance) {
    return slot(instance).registers();
  }

  @Override
  public OptionalLong stored(String instance, StoredRegister register) {
    return slot(instance).stored(register).orElseThrow(() -> new IllegalArgumentException(instance + " has no register " + register.name()
        + " in " + register.window()));
  }

  private DeviceSlot slot(String instance) {
    return hardware.slots.stream().filter(slot -> slot.instance().equals(instance)).findFirst().orElseThrow(
        () -> new IllegalArgumentException(instance + ": " + hardware.platform.name() + " has no such device"));
  }

  @Override
  public List<String> unmodelled() {
    return hardware.slots.stream()
        .filter(s -> s.role() == DeviceSlot.Role.NODE && !s.present() && !s.node().windows().isEmpty())
        .map(DeviceSlot::instance).toList();
  }

  @Override
  public void load(long address, byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    checkRam(address, length);
    hardware.busMaster.write(address, bytes, offset, length);
    hardware.space.loaded(address, bytes, offset, length);
  }

  @Override
  public void given(ContentName what, byte[] content) {
    contents.given(what, content);
  }

  @Override
  public byte[] peek(long address, int length) {
    checkRam(address, length);
    byte[] bytes = new byte[length];
    hardware.busMaster.read(address, bytes, 0, length);
    return bytes;
  }

  /** What a closed machine had in its memory is gone: zeros would pass for it. */
  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(hardware.platform.name() + ": the machine is closed, and what was in its memory gone");
    }
  }

  private void checkRam(long address, int length) {
    checkOpen();
    RamBanks ram = hardware.space.ram();
    for (long done = 0; done < length; done += 0x1000 - (address + done & 0xFFF)) {
      long at = address + done;
      if (!ram.covers(at)) {
        throw new IllegalArgumentException("0x%x, %d bytes: no RAM at 0x%x".formatted(address, length, at));
      }
    }
  }

  @Override
  public void start(CpuEntry entry) {
    hardware.power.clear();
    hardware.bootCpu().start(entry);
  }

  @Override
  public void loadSoftware(String node, Runnable prepare) {
    hardware.fabric.hold();
    try {
      List<DeviceSlot> places = hardware.software.load(node, offers);
      prepare.run();
      places.forEach(DeviceSlot::reset);
    } finally {
      hardware.fabric.release();
    }
  }

  @Override
  public StopReason run(RunLimit limit) {
    checkOpen();
    sources.runs();
    return loop.run(limit);
  }

  @Override
  public OptionalInt exitStatus() {
    return hardware.power.exitStatus();
  }

  @Override
  public Runnable onReset(Runnable boot) {
    return loop.onReset(boot);
  }

  @Override
  public void stop() {
    loop.stop();
  }

  @Override
  public void step(int cpu) {
    loop.step(turn(cpu));
  }

  private CpuTurn turn(int cpu) {
    return hardware.turns.stream().filter(turn -> turn.port().index() == cpu).findFirst().orElseThrow(() -> new IllegalArgumentException(
        "cpu " + cpu + ": " + hardware.platform.name() + " has " + hardware.turns.size() + " CPUs, from 0"));
  }

  @Override
  public Executed latest(int cpu) {
    return loop.latest(turn(cpu));
  }

  @Override
  public void input(String kind, String place, byte[] bytes) {
    loop.inputs().bring(kind, place, bytes);
    loop.attend();
  }

  @Override
  public void inputNow(String kind, String place, byte[] bytes) {
    checkOpen();
    loop.stillness().acquire();
    try {
      loop.take(new OutsideInputs.Input(kind, place, bytes.clone()));
    } finally {
      loop.stillness().release();
    }
  }

  @Override
  public void inputHandler(String kind, InputHandler handler) {
    loop.inputs().handler(kind, handler);
  }

  @Override
  public void post(Runnable action) {
    loop.post(action);
  }

  @Override
  public void postAt(long instructions, Runnable action) {
    loop.postAt(instructions, action);
  }

  @Override
  public List<CpuPort> processors() {
    return List.copyOf(hardware.cpus);
  }

  @Override
  public long instructions() {
    return hardware.clock.instructions();
  }

  @Override
  public long now() {
    return hardware.clock.now();
  }

  @Override
  public int executing() {
    Turn turn = hardware.clock.running();
    return turn == null ? -1 : turn.port().index();
  }

  @Override
  public String digest() {
    checkOpen();
    return MachineDigest.of(hardware);
  }

  @Override
  public Map<String, Long> events() {
    return hardware.events.counts();
  }

  @Override
  public EventLog eventLog() {
    return hardware.events;
  }

  @Override
  public void governor(boolean on) {
    loop.governor().set(on);
    loop.attend();
  }

  @Override
  public void outside(BooleanSupplier busy) {
    loop.governor().outside(busy);
    loop.attend();
  }

  @Override
  public boolean live() {
    return loop.source().live();
  }

  @Override
  public void eventListener(EventLog listener) {
    hardware.events.listener(listener);
  }

  @Override
  public void watch(AddressWatcher watcher, List<WatchedAddress> addresses) {
    hardware.addresses.watch(watcher, addresses);
  }

  @Override
  public void watch(MachineWatcher watcher) {
    loop.sampling().add(watcher);
    changeWatchers(() -> hardware.exits.add(watcher));
  }

  /** Engines are made anew only for who hears of translated code: they lose what they have translated. */
  private void changeWatchers(Runnable change) {
    boolean before = hardware.exits.wantsTranslated();
    change.run();
    if (hardware.exits.wantsTranslated() != before) {
      hardware.turns.forEach(CpuTurn::renew);
    }
  }

  @Override
  public void forget(MachineWatcher watcher) {
    loop.sampling().remove(watcher);
    changeWatchers(() -> hardware.exits.remove(watcher));
  }

  @Override
  public void save(Path directory) throws IOException {
    save(directory, Optional.empty());
  }

  @Override
  public void save(Path directory, Optional<Path> onto) throws IOException {
    checkOpen();
    states.save(directory, onto);
  }

  @Override
  public MachineState state() throws IOException {
    checkOpen();
    return states.take(false);
  }

  @Override
  public MachineState nextState() throws IOException {
    checkOpen();
    return states.take(true);
  }

  @Override
  public long keptBytes() {
    return hardware.space.held();
  }

  @Override
  public void restore(MachineState state) throws IOException {
    checkOpen();
    states.restore(state);
  }

  @Override
  public void restore(Path directory) throws IOException {
    checkOpen();
    states.restore(directory);
  }

  @Override
  public void record(Path file) throws IOException {
    record(file, "");
  }

  @Override
  public void record(Path file, String command) throws IOException {
    sources.record(file, command);
  }

  @Override
  public void replay(Path file) throws IOException {
    sources.replay(file);
  }

  @Override
  public void checkContents(Path recording) throws IOException {
    sources.checkContents(recording);
  }

  @Override
  public void replay(MachineInputs inputs, MachineState from) {
    sources.replay(inputs, from);
  }

  @Override
  public MachineInputs inputs() {
    return sources.inputs();
  }

  @Override
  public Optional<Hang> hang() {
    Watchdog.Watch hanging = watchdog.hanging(hardware);
    return hanging == null ? Optional.empty() : Optional.ofNullable(hanging.hang());
  }

  @Override
  public TakenOff takeOff() {
    return new TakingOff(hardware, loop, watchdog).take(continuer);
  }

  @Override
  public void continuer(Runnable goOn) {
    continuer = goOn;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    onClose.accept(this);
    offers.forget(reconcileSoon);
    sources.end();
    watch.close();
    Thread running = loop.thread();
    if (running != null && running != Thread.currentThread()) {
      // Its thread is in there and will not come back: who could be asked to take leave?
      return;
    }
    try (Watchdog.Watch closing = watchdog.section("while the machine was closed", this::about)) {
      takeApart();
    }
  }

  private void takeApart() {
    hardware.exits.close();
    hardware.turns.forEach(CpuTurn::uninstall);
    // What came last leans on what came first: a hypervisor on the hardware.
    hardware.slots.reversed().forEach(DeviceSlot::detach);
    hardware.ports.close(hardware.events);
    // Not when somebody has collected what refers to it: the next machine of this process is made before that.
    hardware.space.giveBack();
  }
}
