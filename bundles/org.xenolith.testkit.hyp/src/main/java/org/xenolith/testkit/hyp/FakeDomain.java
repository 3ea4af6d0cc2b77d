// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainMemory;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HardwarePermissions;
import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.hyp.kit.DomainPermissions;
import org.xenolith.hyp.x64.kit.SharedLayouts;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;

/** A domain that a test makes and handles itself. */
public final class FakeDomain implements Domain {
  private final FakeHypervisor hypervisor;
  private final int id;
  private final int serial;
  private final DomainSpec spec;
  private final long sharedInfo;
  private final DomainMemory memory;
  private final DeviceState record = new DeviceState();
  private final DomainPermissions permissions = new DomainPermissions(record);
  private final List<FakeVcpu> vcpus = new ArrayList<>();
  private final Map<Integer, Long> parameters = new HashMap<>();
  private String name;
  private UUID handle;
  private DomainState state = DomainState.BUILDING;
  private int shutdownReason = -1;
  private int pauses = 1;
  private AddressWindow grantRegion;
  private long maxPages;
  private int weight;
  private int cap;
  private long cpuTime;
  private int wordSize = 8;
  private byte[] memoryMap = {};

  FakeDomain(FakeHypervisor hypervisor, int id, int serial, DomainSpec spec, long sharedInfo) {
    this.hypervisor = hypervisor;
    this.id = id;
    this.serial = serial;
    this.spec = spec;
    this.sharedInfo = sharedInfo;
    name = spec.name();
    handle = spec.handle();
    maxPages = spec.maxPages();
    weight = spec.weight();
    cap = spec.cap();
    memory = new FakeDomainMemory(hypervisor, this);
    for (int i = 0; i < spec.vcpus(); i++) {
      int place = sharedLayout().vcpuInfo(i);
      vcpus.add(new FakeVcpu(hypervisor, this, i, place < 0 ? 0 : sharedInfo + place));
    }
  }

  /** The object that another version of the core has for the same domain. */
  FakeDomain successor() {
    FakeDomain next = new FakeDomain(hypervisor, id, serial, spec, sharedInfo);
    next.name = name;
    next.handle = handle;
    next.record.restore(record.save());
    next.state = state;
    next.shutdownReason = shutdownReason;
    next.pauses = pauses;
    next.grantRegion = grantRegion;
    next.maxPages = maxPages;
    next.weight = weight;
    next.cap = cap;
    next.cpuTime = cpuTime;
    next.wordSize = wordSize;
    next.memoryMap = memoryMap;
    next.parameters.putAll(parameters);
    for (int i = 0; i < vcpus.size(); i++) {
      next.vcpus.get(i).follow(vcpus.get(i));
    }
    return next;
  }

  @Override
  public int emulation() {
    return spec.emulation();
  }

  @Override
  public HardwarePermissions permissions() {
    return permissions;
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public int serial() {
    return serial;
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
    return handle;
  }

  @Override
  public void handle(UUID newHandle) {
    handle = newHandle;
  }

  @Override
  public DomainSpec.Kind kind() {
    return spec.kind();
  }

  @Override
  public List<FakeVcpu> vcpus() {
    return vcpus;
  }

  @Override
  public @Nullable FakeVcpu vcpu(int vcpu) {
    return vcpu >= 0 && vcpu < vcpus.size() ? vcpus.get(vcpu) : null;
  }

  @Override
  public DomainState state() {
    return state;
  }

  /** Sets where it is in its life. */
  public void state(DomainState newState) {
    state = newState;
  }

  @Override
  public int shutdownReason() {
    return shutdownReason;
  }

  @Override
  public int pauseCount() {
    return pauses;
  }

  @Override
  public void pause() {
    pauses++;
  }

  @Override
  public void unpause() {
    if (pauses > 0) {
      pauses--;
    }
    if (state == DomainState.BUILDING) {
      state = DomainState.RUNNING;
    }
  }

  @Override
  public void shutdown(int reason) {
    if (state != DomainState.DYING && shutdownReason < 0) {
      shutdownReason = reason;
      state = DomainState.SHUTDOWN;
      hypervisor.port(DomainsPort.class).tell(DomainListener::shutdown, this);
    }
  }

  @Override
  public long sharedInfo() {
    return sharedInfo;
  }

  @Override
  public SharedLayout sharedLayout() {
    return wordSize == 4 && hypervisor.sharedLayout() == SharedLayouts.X64 ? SharedLayouts.IA32 : hypervisor.sharedLayout();
  }

  @Override
  public void latch(int size) {
    SharedLayout before = sharedLayout();
    wordSize = size;
    if (sharedLayout() != before) {
      hypervisor.port(DomainsPort.class).tell(DomainListener::laidOut, this);
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
    return spec.eventInterrupt();
  }

  @Override
  public AddressWindow grantRegion() {
    return grantRegion;
  }

  @Override
  public void grantRegion(AddressWindow region) {
    grantRegion = region;
  }

  @Override
  public long maxPages() {
    return maxPages;
  }

  @Override
  public void maxPages(long pages) {
    maxPages = pages;
  }

  @Override
  public long parameter(int index) {
    return parameters.getOrDefault(index, 0L);
  }

  @Override
  public void parameter(int index, long value) {
    parameters.put(index, value);
  }

  @Override
  public int weight() {
    return weight;
  }

  @Override
  public int cap() {
    return cap;
  }

  @Override
  public void schedule(int newWeight, int newCap) {
    weight = newWeight;
    cap = newCap;
  }

  @Override
  public DomainMemory memory() {
    return memory;
  }

  @Override
  public long cpuTime() {
    return cpuTime;
  }

  /** Sets its CPU time. */
  public void cpuTime(long nanoseconds) {
    cpuTime = nanoseconds;
  }

  /** First guest frame of its RAM. */
  public long gfn() {
    return directMapped() ? FakeMachine.RAM >>> 12 : FakeHypervisor.GUEST_RAM >>> 12;
  }

  /** Intermediate physical address of a page of its RAM, 0 to {@link FakeHypervisor#PAGES} - 1. */
  public long page(int index) {
    return gfn() + index << 12;
  }

  @Override
  public String toString() {
    return "d" + id + " (" + name + ")";
  }
}
