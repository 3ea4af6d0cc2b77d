// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.HashMap;
import java.util.Map;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.fdt.Fdt;
import org.xenolith.regs.DeviceState;

/** The firmware of one guest: its memory, handles, events and open calls, and what traps of its program come to. */
final class BootFirmware implements Firmware {
  static final EfiGuid DEVICE_TREE_TABLE = EfiGuid.of("b1b621d5-f19c-41a5-830b-d9152c69aae0");

  private final DeviceState state = new DeviceState();
  private final FirmwareEnvironment around;
  private final LayersPort layers;
  private final FirmwareProgram program;
  private final PageMap pages = new PageMap();
  private final Pool pool = new Pool(pages);
  private final Interfaces interfaces = new Interfaces(pool);
  private final Handles handles = new Handles(pool);
  private final Notifications notifications = new Notifications(handles);
  private final Events events = new Events();
  private final Functions functions = new Functions();
  private final Engine engine;
  private final Images images = new Images();
  private final Map<String, EfiFunction> core = new HashMap<>();
  private final ProgramState run = new ProgramState();
  /** How many traps there were in this run; saved nowhere. */
  private long traps;
  /** Whether a layer has come that may not have begun. */
  private boolean arrived;

  BootFirmware(FirmwareEnvironment around, LayersPort layers) {
    this.around = around;
    this.layers = layers;
    program = FirmwareProgram.of(around.conduit());
    engine = new Engine(this, layers);
    new CoreServices(this).addTo(core);
    new NullConsole(this).addTo(core);
    PersonRequests.addTo(this, core);
    handles.onInstall((handle, protocol) -> notifications.installed(handle, protocol).forEach(event -> events.signal(events.event(event))));
    state.varying("program", run::clear, run::save, run::restore);
    state.varying("pages", pages::clear, pages::save, pages::restore);
    state.varying("pool", pool::clear, pool::save, pool::restore);
    state.varying("interfaces", interfaces::clear, interfaces::save, interfaces::restore);
    state.varying("handles", handles::clear, handles::save, handles::restore);
    state.varying("notifications", notifications::clear, notifications::save, notifications::restore);
    state.varying("events", events::clear, events::save, events::restore);
    state.varying("functions", functions::clear, functions::save, functions::restore);
    state.varying("images", images::clear, images::save, images::restore);
    state.varying("calls", engine::clear, engine::save, engine::restore);
  }

  DeviceState state() {
    return state;
  }

  // ---- Traps

  /**
   * Firmware is entered: what an earlier one left is forgotten.
   *
   * @param registers of the program's call
   * @return what the program goes on with, in x1 and up
   * @throws EfiError if the tree isn't one or there is no room; says what
   */
  long[] enter(long[] registers) {
    state.reset();
    return new ProgramStart(this, around, run).enter(registers);
  }

  /** A stub was called. */
  Verdict service(long frame, int function, long now) {
    time(now);
    if (arrived && !run.begun.isEmpty()) {
      begin();
    }
    return timed(engine.service(function, frame));
  }

  /** Something that a call waited for is there. */
  Verdict goOn(long frame, boolean returned, long value, long now) {
    time(now);
    if (arrived && !run.begun.isEmpty()) {
      begin();
    }
    return timed(engine.goOn(frame, returned, value));
  }

  /** The timer's interrupt was taken; the timer is off since. */
  Verdict interrupt(long frame, long now) {
    run.armed = 0;
    time(now);
    return timed(engine.interrupt(frame));
  }

  /** The verdict, with the timer set to the next event if it isn't yet; who waits for its interrupt sets it and leaves it off. */
  private Verdict timed(Verdict verdict) {
    long due = run.over || !run.interrupts ? 0 : events.next(0);
    if (verdict.code() == FirmwareProgram.WAIT) {
      run.armed = verdict.x4() == 0 ? 0 : run.armed;
      return verdict;
    }
    if (due == run.armed) {
      return verdict;
    }
    run.armed = due;
    return verdict.with(due == 0 ? FirmwareProgram.TIMER_OFF : FirmwareProgram.TIMER_ON, due);
  }

  private void time(long now) {
    traps++;
    run.entry.time(now);
    events.time(now);
  }

  /** Whether a guest has entered it, and boot services aren't over. */
  boolean isRunning() { return run.entry.program() != 0 && !run.over; }

  // ---- For the core's services

  /** Another number in each trap: within one nobody but layers writes memory. */
  long trap() {
    return traps;
  }

  PageMap pageMap() {
    return pages;
  }

  Pool pool() {
    return pool;
  }

  Handles handleTable() {
    return handles;
  }

  Interfaces interfaces() {
    return interfaces;
  }

  Notifications notifications() {
    return notifications;
  }

  Events events() {
    return events;
  }

  Functions functions() {
    return functions;
  }

  Engine engine() {
    return engine;
  }

  Images images() {
    return images;
  }

  LayersPort layers() {
    return layers;
  }

  SystemTables tables() {
    return new SystemTables(memory(), run.tables);
  }

  EfiFunction core(String name) {
    return core.get(name);
  }

  /** A pointer to a function by its layer's name. */
  long function(String layer, String name) {
    return run.entry.program() + program.stub(functions.number(layer, name));
  }

  /** The function whose pointer this is; -1 if it is none of ours. */
  int function(long address) {
    int number = program.function(address - run.entry.program());
    return functions.name(number) == null ? -1 : number;
  }

  /** The controller of its timer's interrupt; null if the tree has none that is known. */
  TimerInterrupt interrupts() {
    return program.interrupts(tree(), run.hypervisor);
  }

  /** The timer's interrupt reaches the CPU from now on. */
  void interruptsOn() {
    run.interrupts = true;
    memory().put64(run.entry.program() + program.acknowledged(), interrupts().acknowledged());
  }

  boolean hasInterrupts() {
    return run.interrupts;
  }

  /** Where the routine is that switches on what the CPU itself has of its interrupt controller. */
  long interruptsRoutine() {
    return run.entry.program() + program.interruptsOn();
  }

  /** What its guest executes. */
  FirmwareProgram program() {
    return program;
  }

  /** Where the routine is that touches hardware. */
  long touch() {
    return run.entry.program() + program.touch();
  }

  void report(String kind, String text) {
    around.report(kind, text);
  }

  void announce(String kind, String text) {
    around.announce(kind, text);
  }

  /** A layer has come. */
  void arrived() {
    arrived = true;
  }

  /** Layers that haven't begun do so. */
  void begin() {
    arrived = false;
    for (LayersPort.Claim claim : layers.layers()) {
      if (isRunning() && run.begun.add(claim.layer().name())) {
        engine.begin(claim);
      }
    }
    around.verifies(!handles.handles(Protocol.SECURITY2).isEmpty());
  }

  /** Boot services are over. */
  void exitBootServices() {
    run.over = true;
    tables().exitBootServices();
  }

  // ---- For layers

  @Override
  public EfiRam memory() {
    return around.memory();
  }

  @Override
  public void requireMemory(long address, long length) {
    if (length != 0 && !pages.isMemory(address, length)) {
      throw FirmwareRam.nothing(address);
    }
  }

  @Override
  public Fdt tree() {
    return run.entry.tree(memory());
  }

  @Override
  public String machine() {
    return program.machine().shortName();
  }

  @Override
  public long counter() {
    return run.entry.counter();
  }

  @Override
  public long frequency() {
    return run.entry.frequency();
  }

  @Override
  public long pages(long count) {
    long address = pages.allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), count, -1);
    memory().clear(address, count * PageMap.PAGE);
    return address;
  }

  @Override
  public void freePages(long address, long count) {
    pages.free(address, count);
  }

  @Override
  public long interfaceMemory(EfiLayer layer, int bytes, int numbers) {
    long address = interfaces.add(layer, bytes, numbers);
    memory().clear(address, bytes);
    return address;
  }

  @Override
  public long[] numbers(EfiLayer layer, long place) {
    return interfaces.numbers(layer, place);
  }

  @Override
  public void dropInterface(EfiLayer layer, long place) {
    interfaces.drop(layer, place);
  }

  @Override
  public long function(EfiLayer layer, String name) {
    return function(layer.name(), name);
  }

  @Override
  public long service(BootService service) {
    return memory().get64(tables().boot() + service.offset());
  }

  @Override
  public long systemTable() {
    return run.tables;
  }

  @Override
  public void consoles(long newInput, long newOutput) {
    long input = handles.has(newInput, Protocol.SIMPLE_TEXT_INPUT) ? newInput : run.nothing;
    long output = handles.has(newOutput, Protocol.SIMPLE_TEXT_OUTPUT) ? newOutput : run.nothing;
    tables().consoles(input, handles.find(input, Protocol.SIMPLE_TEXT_INPUT), output, handles.find(output, Protocol.SIMPLE_TEXT_OUTPUT));
  }

  @Override
  public void report(String text) {
    around.report("efi-layer", text);
  }

  @Override
  public long image() {
    return run.image;
  }

  @Override
  public Handles handles() {
    return handles;
  }
}
