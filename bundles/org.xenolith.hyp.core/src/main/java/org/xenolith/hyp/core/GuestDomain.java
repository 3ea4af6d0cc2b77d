// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainMemory;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.HardwarePermissions;
import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.hyp.kit.DomainPermissions;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** One domain. */
public final class GuestDomain implements Domain {
  private static final int PARAMETERS = 64;
  private static final int WIDE = 8;
  private static final DomainSpec.Kind[] KINDS = DomainSpec.Kind.values();
  private static final DomainState[] STATES = DomainState.values();

  final HypervisorCore core;
  private final int id;
  private final DeviceState state = new DeviceState();
  private final LongCell serial = state.cell("serial", 0);
  private final LongCell kind = state.cell("kind", 0);
  private final LongCell life = state.cell("life", 0);
  private final LongCell reason = state.cell("reason", -1);
  private final LongCell pauses = state.cell("pauses", 1);
  private final LongCell sharedInfo = state.cell("shared-info", 0);
  private final LongCell eventInterrupt = state.cell("event-interrupt", 0);
  private final LongCell grantBase = state.cell("grant-base", 0);
  /** 0: no room has been told. */
  private final LongCell grantSize = state.cell("grant-size", 0);
  private final LongCell emulation = state.cell("emulation", DomainSpec.USUAL);
  /** Bytes of the words in what it shares with the hypervisor. */
  private final LongCell wordSize = state.cell("word-size", WIDE);
  private final LongCell maxPages = state.cell("max-pages", 0);
  private final LongCell weight = state.cell("weight", 256);
  private final LongCell cap = state.cell("cap", 0);
  /** The root of its tables as stage 2 said last. */
  private final LongCell root = state.cell("root", 0);
  /** CPU time spent in the present period, for the cap. */
  final LongCell spent = state.cell("spent", 0);
  private final long[] uuid = state.longs("uuid", 2);
  private final long[] parameters = state.longs("parameters", PARAMETERS);
  private final DomainPermissions permissions = new DomainPermissions(state);
  private final List<GuestVcpu> vcpus = new ArrayList<>();
  private final GuestRam memory;
  private String name = "";
  private byte[] memoryMap = {};

  GuestDomain(HypervisorCore core, int id) {
    this.core = core;
    this.id = id;
    memory = new GuestRam(this, core.ports.p2m(), core.memory);
    state.varying("name", () -> name = "", () -> name.getBytes(StandardCharsets.UTF_8),
        bytes -> name = new String(bytes, StandardCharsets.UTF_8));
    state.varying("memory-map", () -> memoryMap = new byte[0], () -> memoryMap, bytes -> memoryMap = bytes.clone());
    state.added("word-size");
    state.added("memory-map");
    state.added("grant-base");
    state.added("grant-size");
    state.added("emulation");
    state.children("vcpus", vcpus::clear, this::children, this::remake);
  }

  private Map<String, DeviceState> children() {
    Map<String, DeviceState> children = new LinkedHashMap<>();
    vcpus.forEach(vcpu -> children.put(Integer.toString(vcpu.id()), vcpu.record()));
    return children;
  }

  private DeviceState remake(String number) {
    GuestVcpu vcpu = core.vcpu(this, Integer.parseInt(number));
    vcpus.add(vcpu);
    return vcpu.record();
  }

  DeviceState record() {
    return state;
  }

  void begin(int newSerial, DomainSpec spec, long sharedInfoPage) {
    serial.value = newSerial;
    kind.value = spec.kind().ordinal();
    name = spec.name();
    handle(spec.handle());
    maxPages.value = spec.maxPages();
    emulation.value = spec.emulation();
    eventInterrupt.value = core.eventInterrupt(spec);
    schedule(spec.weight(), spec.cap());
    sharedInfo.value = sharedInfoPage;
    for (int i = 0; i < spec.vcpus(); i++) {
      GuestVcpu vcpu = core.vcpu(this, i);
      vcpus.add(vcpu);
      vcpu.begin();
    }
  }

  void restored() {
    vcpus.forEach(core.scheduler::add);
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public int serial() {
    return (int) serial.value;
  }

  @Override
  public HardwarePermissions permissions() {
    return permissions;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void name(String newName) {
    name = newName;
  }

  @Override
  public UUID handle() {
    return new UUID(uuid[0], uuid[1]);
  }

  @Override
  public void handle(UUID handle) {
    uuid[0] = handle.getMostSignificantBits();
    uuid[1] = handle.getLeastSignificantBits();
  }

  @Override
  public int emulation() {
    return (int) emulation.value;
  }

  @Override
  public DomainSpec.Kind kind() {
    return KINDS[(int) kind.value];
  }

  @Override
  public List<GuestVcpu> vcpus() {
    return vcpus;
  }

  @Override
  public @Nullable GuestVcpu vcpu(int number) {
    return number >= 0 && number < vcpus.size() ? vcpus.get(number) : null;
  }

  @Override
  public DomainState state() {
    return STATES[(int) life.value];
  }

  /** Whether its virtual CPUs may run as far as the domain goes. */
  boolean mayRun() {
    return life.value == DomainState.RUNNING.ordinal() && pauses.value == 0 && kind.value != DomainSpec.Kind.SERVICE.ordinal();
  }

  @Override
  public int shutdownReason() {
    return (int) reason.value;
  }

  @Override
  public int pauseCount() {
    return (int) pauses.value;
  }

  @Override
  public void pause() {
    pauses.value++;
    core.changed(this);
  }

  @Override
  public void unpause() {
    if (pauses.value > 0) {
      pauses.value--;
    }
    if (life.value == DomainState.BUILDING.ordinal() && pauses.value == 0) {
      life.value = DomainState.RUNNING.ordinal();
      core.started(this);
    }
    core.changed(this);
  }

  @Override
  public void shutdown(int why) {
    if (life.value == DomainState.RUNNING.ordinal() || life.value == DomainState.BUILDING.ordinal()) {
      life.value = DomainState.SHUTDOWN.ordinal();
      reason.value = why;
      core.changed(this);
      core.down(this);
    }
  }

  void dying() {
    life.value = DomainState.DYING.ordinal();
    core.changed(this);
  }

  /** The root of the tables that map its memory, as {@code P2m.root} has it: as stage 2 says, or said last if it is away. */
  public long root() {
    if (core.ports.p2m().present()) {
      root.value = core.ports.p2m().root(this);
    }
    return root.value;
  }

  @Override
  public long sharedInfo() {
    return sharedInfo.value;
  }

  @Override
  public SharedLayout sharedLayout() {
    return core.sharedLayout((int) wordSize.value);
  }

  /** Bytes of the words in its run states, too. */
  int wordSize() {
    return (int) wordSize.value;
  }

  @Override
  public void latch(int size) {
    SharedLayout before = sharedLayout();
    if (core.sharedLayout(size) != before) {
      wordSize.value = size;
      core.ports.domains().tell(DomainListener::laidOut, this);
    }
  }

  @Override
  public byte[] memoryMap() {
    return memoryMap.clone();
  }

  @Override
  public void memoryMap(byte[] entries) {
    memoryMap = entries.clone();
  }

  @Override
  public int eventInterrupt() {
    return (int) eventInterrupt.value;
  }

  @Override
  public @Nullable AddressWindow grantRegion() {
    return grantSize.value == 0 ? null : new AddressWindow(grantBase.value, grantSize.value);
  }

  @Override
  public void grantRegion(AddressWindow region) {
    grantBase.value = region == null ? 0 : region.base();
    grantSize.value = region == null ? 0 : region.size();
  }

  @Override
  public long maxPages() {
    return maxPages.value;
  }

  @Override
  public void maxPages(long pages) {
    maxPages.value = pages;
  }

  @Override
  public long parameter(int index) {
    return index >= 0 && index < PARAMETERS ? parameters[index] : 0;
  }

  @Override
  public void parameter(int index, long value) {
    if (index >= 0 && index < PARAMETERS) {
      parameters[index] = value;
    }
  }

  @Override
  public int weight() {
    return (int) weight.value;
  }

  @Override
  public int cap() {
    return (int) cap.value;
  }

  @Override
  public void schedule(int newWeight, int newCap) {
    weight.value = Math.clamp(newWeight, 1, 65_535);
    cap.value = Math.max(0, newCap);
    core.scheduler.weighed(this);
  }

  @Override
  public DomainMemory memory() {
    return memory;
  }

  @Override
  public long cpuTime() {
    long sum = 0;
    for (GuestVcpu vcpu : vcpus) {
      sum += vcpu.runstate()[0];
    }
    return sum;
  }
}
