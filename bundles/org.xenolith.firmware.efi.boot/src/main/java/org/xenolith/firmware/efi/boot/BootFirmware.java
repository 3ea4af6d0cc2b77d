// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.RuntimePieces;
import org.xenolith.efi.kit.RuntimeServicesCode;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.fdt.Fdt;
import org.xenolith.regs.DeviceState;

/** The firmware of one guest: its memory, handles, events and open calls, and what traps of its program come to. */
final class BootFirmware implements Firmware {
  static final EfiGuid DEVICE_TREE_TABLE = EfiGuid.of("b1b621d5-f19c-41a5-830b-d9152c69aae0");
  private static final long STACK = 128 << 10;

  /** What is around a guest's firmware. */
  interface Environment {
    /** The guest's memory. */
    EfiRam memory();

    /** How its runtime services' code calls. */
    Conduit conduit();

    /** Tells who answers runtime services where they are. */
    void placed(RuntimeMemory memory);

    /** Tells whether images are verified before they are started. */
    default void verifies(boolean verifies) {}

    /** Tells of what somebody should know. */
    void report(String kind, String text);

    /** Tells people of something, also where they don't watch. */
    default void announce(String kind, String text) {
      report(kind, text);
    }
  }

  private final DeviceState state = new DeviceState();
  private final Environment around;
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
  private final EntryState entry = new EntryState();
  private final Map<String, EfiFunction> core = new HashMap<>();
  /** Layers that have published what they have. */
  private final Set<String> begun = new TreeSet<>();
  private long tables;
  private long image;
  /** The handle of the console that is none. */
  private long nothing;
  private boolean over;
  /** Whether it runs at EL2. */
  private boolean hypervisor;
  /** Whether the timer's interrupt reaches the CPU. */
  private boolean interrupts;
  /** What the timer is set to; 0: it is off. */
  private long armed;
  /** How many traps there were in this run; saved nowhere. */
  private long traps;
  /** Whether a layer has come that may not have begun. */
  private boolean arrived;

  BootFirmware(Environment around, LayersPort layers) {
    this.around = around;
    this.layers = layers;
    program = FirmwareProgram.of(around.conduit());
    engine = new Engine(this, layers);
    new CoreServices(this).addTo(core);
    new NullConsole(this).addTo(core);
    PersonRequests.addTo(this, core);
    handles.onInstall((handle, protocol) -> notifications.installed(handle, protocol).forEach(event -> events.signal(events.event(event))));
    state.varying("program", this::clear, this::save, this::restore);
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

  private void clear() {
    entry.clear();
    tables = 0;
    image = 0;
    nothing = 0;
    over = false;
    hypervisor = false;
    interrupts = false;
    armed = 0;
    begun.clear();
  }

  private byte[] save() {
    LongWriter out = new LongWriter();
    entry.save(out);
    out.put(tables).put(image).put(nothing).put(over ? 1 : 0).put(hypervisor ? 1 : 0).put(interrupts ? 1 : 0).put(armed);
    return out.all(begun, out::put).bytes();
  }

  private void restore(byte[] bytes) {
    LongReader in = new LongReader("program", bytes);
    clear();
    entry.restore(in);
    tables = in.get();
    image = in.get();
    nothing = in.get();
    over = in.get() != 0;
    hypervisor = in.get() != 0;
    interrupts = in.get() != 0;
    armed = in.get();
    in.each(() -> begun.add(in.text()));
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
    FirmwareProgram.Entered entered = program.entered(memory(), registers);
    long at = entered.program();
    long device = entered.tree();
    entry.enter(at, device, entered.counter(), entered.frequency());
    hypervisor = entered.hypervisor();
    Fdt description = tree();
    Optional<HandedTables> described = HandedTables.of(description, memory(), text -> report("efi-acpi", text));
    TreeMemory.ram(description).forEach(piece -> pages.add(piece.base(), piece.size(), EfiMemoryType.CONVENTIONAL.number()));
    TreeMemory.reserved(description).forEach(piece -> pages.claim(piece.base(), piece.size(), EfiMemoryType.RESERVED.number()));
    described.ifPresent(acpi -> acpi.places().forEach(piece -> pages.claimOrAdd(piece.base(), piece.size(), EfiMemoryType.ACPI_RECLAIM
        .number())));
    TreeMemory.loaded(description).forEach(piece -> pages.claim(piece.base(), piece.size(), EfiMemoryType.BOOT_SERVICES_DATA.number()));
    pages.claim(at, FirmwareProgram.SIZE, EfiMemoryType.BOOT_SERVICES_CODE.number());
    pages.claim(device, entry.treeSize(memory()), EfiMemoryType.ACPI_RECLAIM.number());
    long runtime = pages.allocate(EfiMemoryType.RUNTIME_SERVICES_CODE.number(), RuntimePieces.PIECE / PageMap.PAGE, -1);
    tables = pages.allocate(EfiMemoryType.RUNTIME_SERVICES_DATA.number(), RuntimePieces.PIECE / PageMap.PAGE, -1);
    memory().clear(tables, RuntimePieces.PIECE);
    memory().write(runtime, RuntimeServicesCode.bytes(around.conduit()));
    long stack = pages(STACK / PageMap.PAGE);
    List<TreeMemory.Piece> ram = new ArrayList<>(TreeMemory.ram(description));
    described.ifPresent(acpi -> ram.addAll(acpi.places()));
    long[] translation = program.translation(memory(), this::pages, stack + STACK, ram);
    // The first function is where the program goes on.
    functions.number(CoreServices.LAYER, CoreServices.RUN);
    tables().write(pages(1), service -> function(CoreServices.LAYER, service.name()), runtime);
    image = images.firmware(this);
    nothing = new NullConsole(this).make();
    consoles(nothing, nothing);
    SmbiosTables.handOn(this);
    described.ifPresentOrElse(acpi -> acpi.handOn(this), () -> tables().configuration(DEVICE_TREE_TABLE, device));
    around.placed(new RuntimeMemory(tables, tables().runtime(), List.of(new RuntimeMemory.Range(runtime, RuntimePieces.PIECE,
        runtime), new RuntimeMemory.Range(tables, RuntimePieces.PIECE, tables)), false));
    return translation;
  }

  /** A stub was called. */
  Verdict service(long frame, int function, long now) {
    time(now);
    if (arrived && !begun.isEmpty()) {
      begin();
    }
    return timed(engine.service(function, frame));
  }

  /** Something that a call waited for is there. */
  Verdict goOn(long frame, boolean returned, long value, long now) {
    time(now);
    if (arrived && !begun.isEmpty()) {
      begin();
    }
    return timed(engine.goOn(frame, returned, value));
  }

  /** The timer's interrupt was taken; the timer is off since. */
  Verdict interrupt(long frame, long now) {
    armed = 0;
    time(now);
    return timed(engine.interrupt(frame));
  }

  /** The verdict, with the timer set to the next event if it isn't yet; who waits for its interrupt sets it and leaves it off. */
  private Verdict timed(Verdict verdict) {
    long due = over || !interrupts ? 0 : events.next(0);
    if (verdict.code() == FirmwareProgram.WAIT) {
      armed = verdict.x4() == 0 ? 0 : armed;
      return verdict;
    }
    if (due == armed) {
      return verdict;
    }
    armed = due;
    return verdict.with(due == 0 ? FirmwareProgram.TIMER_OFF : FirmwareProgram.TIMER_ON, due);
  }

  private void time(long now) {
    traps++;
    entry.time(now);
    events.time(now);
  }

  /** Whether a guest has entered it, and boot services aren't over. */
  boolean isRunning() { return entry.program() != 0 && !over; }

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
    return new SystemTables(memory(), tables);
  }

  EfiFunction core(String name) {
    return core.get(name);
  }

  /** A pointer to a function by its layer's name. */
  long function(String layer, String name) {
    return entry.program() + program.stub(functions.number(layer, name));
  }

  /** The function whose pointer this is; -1 if it is none of ours. */
  int function(long address) {
    int number = program.function(address - entry.program());
    return functions.name(number) == null ? -1 : number;
  }

  /** The controller of its timer's interrupt; null if the tree has none that is known. */
  TimerInterrupt interrupts() {
    return program.interrupts(tree(), hypervisor);
  }

  /** The timer's interrupt reaches the CPU from now on. */
  void interruptsOn() {
    interrupts = true;
    memory().put64(entry.program() + program.acknowledged(), interrupts().acknowledged());
  }

  boolean hasInterrupts() {
    return interrupts;
  }

  /** Where the routine is that switches on what the CPU itself has of its interrupt controller. */
  long interruptsRoutine() {
    return entry.program() + program.interruptsOn();
  }

  /** What its guest executes. */
  FirmwareProgram program() {
    return program;
  }

  /** Where the routine is that touches hardware. */
  long touch() {
    return entry.program() + program.touch();
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
      if (isRunning() && begun.add(claim.layer().name())) {
        engine.begin(claim);
      }
    }
    around.verifies(!handles.handles(Protocol.SECURITY2).isEmpty());
  }

  /** Boot services are over. */
  void exitBootServices() {
    over = true;
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
    return entry.tree(memory());
  }

  @Override
  public String machine() {
    return program.machine().shortName();
  }

  @Override
  public long counter() {
    return entry.counter();
  }

  @Override
  public long frequency() {
    return entry.frequency();
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
    return tables;
  }

  @Override
  public void consoles(long newInput, long newOutput) {
    long input = handles.has(newInput, Protocol.SIMPLE_TEXT_INPUT) ? newInput : nothing;
    long output = handles.has(newOutput, Protocol.SIMPLE_TEXT_OUTPUT) ? newOutput : nothing;
    tables().consoles(input, handles.find(input, Protocol.SIMPLE_TEXT_INPUT), output, handles.find(output, Protocol.SIMPLE_TEXT_OUTPUT));
  }

  @Override
  public void report(String text) {
    around.report("efi-layer", text);
  }

  @Override
  public long image() {
    return image;
  }

  @Override
  public Handles handles() {
    return handles;
  }
}
