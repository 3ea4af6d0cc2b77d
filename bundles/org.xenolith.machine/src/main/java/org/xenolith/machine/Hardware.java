// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.bus.BusMaster;
import org.xenolith.machine.bus.BusPort;
import org.xenolith.machine.bus.Entered;
import org.xenolith.machine.bus.Initiator;
import org.xenolith.machine.bus.InterruptFabric;
import org.xenolith.machine.bus.RamBanks;
import org.xenolith.machine.bus.Requesters;
import org.xenolith.machine.faults.HardwareFaults;
import org.xenolith.machine.hang.Throwers;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.places.Ports;
import org.xenolith.machine.processors.CpuTurn;
import org.xenolith.machine.processors.ProcessorSlot;
import org.xenolith.machine.processors.Scheduler;
import org.xenolith.machine.processors.StandingCpus;
import org.xenolith.machine.processors.Turn;
import org.xenolith.machine.processors.WatchedAddresses;
import org.xenolith.machine.run.PowerSwitch;
import org.xenolith.machine.time.EventQueue;
import org.xenolith.machine.time.NodeClocks;
import org.xenolith.machine.time.VirtualClock;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/** The parts of one machine, wired; what its devices, its run loop and its snapshots share. */
public final class Hardware {
  public final Platform platform;
  public final CountedEventLog events = new CountedEventLog();
  /** State of the core itself: clock, queue and scheduler. */
  public final DeviceState state = new DeviceState();
  public final VirtualClock clock;
  /** What models and CPUs go by: each node's. */
  public final NodeClocks clocks;
  public final EventQueue queue;
  public final AddressSpace space;
  public final BusMaster busMaster;
  public final Requesters requesters;
  public final InterruptFabric fabric;
  public final Entered entered = new Entered();
  /** A thread that was given up; null most of the time. */
  public volatile Thread lost;
  /** Ways out of guest code are told here. */
  public final Exits exits = new Exits(bug -> events.announce("watcher-failed", "machine", bug.toString()));
  /** Addresses that somebody wants to be told of. */
  public final WatchedAddresses addresses = new WatchedAddresses(this);
  public final Ports ports = new Ports();
  public final PowerSwitch power;
  public final LoadedSoftware software;
  /** The CPUs, in the order of their nodes. */
  public final List<Processor> cpus = new ArrayList<>();
  public final Initiator initiator = new Initiator(cpus);
  /** The same with their engines. */
  public final List<CpuTurn> turns = new ArrayList<>();
  /** The ways of the same to memory. */
  public final List<RamBus> buses = new ArrayList<>();
  public final Scheduler scheduler;
  public final StandingCpus standing;
  /** Faults that were injected and last. */
  public final HardwareFaults faults;
  /** Services that match nothing, and that was told. */
  final Set<Long> toldIdle = new HashSet<>();
  /** Say whose model threw. */
  public final Throwers throwers;
  /** Places for devices, in node order; functions after their transports. */
  public final List<DeviceSlot> slots = new ArrayList<>();

  /** @throws org.xenolith.machine.api.ModelException if nobody makes one of its CPUs */
  Hardware(Platform platform, Throwers throwers, Offers offers) {
    this.platform = platform;
    this.throwers = throwers;
    events.watchers(exits);
    clock = new VirtualClock(platform.timing(), state);
    clocks = new NodeClocks(clock, state);
    queue = new EventQueue(clock, state);
    power = new PowerSwitch(clock, state);
    software = new LoadedSoftware(this);
    RamBanks ram = new RamBanks(platform.memory(), this::codeWritten, addresses::mark);
    space = new AddressSpace(ram, platform.nodes(), events);
    busMaster = new BusMaster(space);
    requesters = new Requesters(platform, space, busMaster, initiator, events);
    fabric = new InterruptFabric(events, exits);
    for (PlatformNode node : platform.cpus()) {
      add(node, offers);
    }
    scheduler = new Scheduler(turns.toArray(Turn[]::new), platform.timing().quantum(), state);
    standing = new StandingCpus(this);
    faults = new HardwareFaults(this);
  }

  private void add(PlatformNode node, Offers offers) {
    RamBus bus = new BusPort(space, initiator, cpus.size(), false);
    Processor cpu = new ProcessorSlot(this, node, cpus.size(), bus, this::called).make(offers);
    buses.add(bus);
    cpus.add(cpu);
    turns.add(new CpuTurn(cpu, events));
  }

  /** Bytes of a page that holds decoded code were written. */
  public void codeWritten(Ram chunk, int offset, int length) {
    cpus.forEach(cpu -> cpu.codeWritten(chunk, offset, length));
  }

  /** A CPU has something to execute: if that is due now, the one that executes gives way after its current instruction. */
  private void called(Processor cpu) {
    Turn running = clock.running();
    if (scheduler.call(cpu.index()) && running != null) {
      running.requestExit();
    }
  }

  /** Ends a thread that was given up and came back all the same: another one runs the machine. */
  public void requireOwner() {
    if (lost == Thread.currentThread()) {
      throw new IllegalStateException("the thread was given up and another one runs the machine");
    }
  }

  /** The CPU that the tree's header names, else the first one. */
  public Processor bootCpu() {
    long boot = platform.source().bootCpuid() & 0xFFFF_FFFFL;
    return cpus.stream().filter(cpu -> cpu.boots(boot)).findFirst().orElse(cpus.getFirst());
  }

  /** Whether a CPU has no engine, so that the machine can't go on. */
  public boolean standsStill() {
    for (int i = 0; i < turns.size(); i++) {
      if (turns.get(i).offer() == null) {
        return true;
      }
    }
    return false;
  }
}
