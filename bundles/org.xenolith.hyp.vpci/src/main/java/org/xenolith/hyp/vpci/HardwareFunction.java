// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.util.Arrays;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * A function that the hardware domain registered. It has the hardware's registers; BARs are where it puts them, and with
 * {@code mmio=decode}, {@code fault} or {@code hypercall} its stage 2 has them only while the memory decoder is on.
 */
final class HardwareFunction {
  /** BARs and the ROM. */
  private static final int COUNT = Header.BAR_COUNT + 1;

  final int sbdf;
  final DeviceState state = new DeviceState();
  private final LongCell bridge = state.cell("bridge", 0);
  private final LongCell type = state.cell("type", 0);
  /** Its ids, by which another function is known that comes to this address when bus numbers change; 0 in records of before. */
  private final LongCell identity = state.cell("identity", 0);
  private final LongCell decoding = state.cell("decoding", 0);
  /** Where CPUs see what it decodes. */
  private final long[] base = state.longs("base", COUNT);
  /** Bytes that it decodes there; 0 for nothing. */
  private final long[] bytes = state.longs("bytes", COUNT);
  private final long[] mapped = state.longs("mapped", COUNT);
  /** Whether its memory decoder was on since it was registered. */
  private final LongCell placed = state.cell("placed", 0);
  /** BARs as they were then, without the ROM. */
  private final long[] fixed = state.longs("fixed", Header.BAR_COUNT);
  final HardwareDomain owner;
  final HardwareMessages messages;

  HardwareFunction(int sbdf, HardwareDomain owner) {
    this.sbdf = sbdf;
    this.owner = owner;
    state.added("identity");
    messages = new HardwareMessages(this);
  }

  /** It was registered. */
  void begin(int bridgeIndex) {
    bridge.value = bridgeIndex;
    type.value = read(Header.TYPE, 1) & ~Header.MULTIFUNCTION & 0xFF;
    identity.value = read(Header.ID, 4) & 0xFFFF_FFFFL;
    messages.begin();
    settle();
  }

  /** Whether it is behind that host bridge, at one of these buses. */
  boolean on(int bridgeIndex, Buses buses) {
    return bridge.value == bridgeIndex && buses.reach(Sbdf.rid(sbdf) >>> 8);
  }

  /** Bus numbers changed: nothing of it is mapped until {@link #settle}. */
  void leave() {
    if (decoding.isSet()) {
      close();
    }
  }

  /** Whether another function is here now than the one that was registered. */
  boolean replaced() {
    long now = read(Header.ID, 4) & 0xFFFF_FFFFL;
    return now != 0xFFFF_FFFFL && identity.value != 0 && now != identity.value;
  }

  /** It isn't the hardware domain's any more. */
  void end() {
    messages.end();
    close();
    int command = read(Header.COMMAND, 2);
    if (type.value == 0 && (command & 0xFFFF) != 0xFFFF) {
      write(Header.COMMAND, 2, command & ~(Header.IO | Header.MEMORY | Header.MASTER));
    }
  }

  HostBridgeWindows host() {
    return owner.around.hardware().at((int) bridge.value);
  }

  /** What the hardware has. */
  int read(int register, int size) {
    HostBridgeWindows host = host();
    return host == null ? -1 : host.port.read(Sbdf.rid(sbdf), register, size);
  }

  /** Has the hardware written. */
  void write(int register, int size, int value) {
    HostBridgeWindows host = host();
    if (host != null) {
      host.port.write(Sbdf.rid(sbdf), register, size, value);
    }
  }

  private boolean bridge() {
    return type.value == Header.BRIDGE;
  }

  private int bars() {
    return bridge() ? Header.BRIDGE_BAR_COUNT : Header.BAR_COUNT;
  }

  private int rom() {
    return bridge() ? Header.ROM_OF_BRIDGE : Header.ROM;
  }

  private boolean memoryOn() {
    int command = read(Header.COMMAND, 2);
    return (command & 0xFFFF) != 0xFFFF && (command & Header.MEMORY) != 0;
  }

  // ---- the hardware domain's accesses

  /** A configuration read of 1, 2 or 4 bytes. */
  int configured(int register, int size) {
    return messages.read(register, size, read(register, size));
  }

  /** A configuration write of 1, 2 or 4 bytes. */
  void configure(int register, int size, int value) {
    if (messages.write(register, size, value)) {
      return;
    }
    if (register >= Header.BARS && register < Header.BARS + 4 * bars()) {
      moveBar(register, size, value);
      return;
    }
    write(register, size, value);
    if (register < Header.COMMAND + 2 && register + size > Header.COMMAND) {
      settle();
    } else if (register == rom() && decoding.isSet()) {
      close();
      settle();
    }
  }

  private void moveBar(int register, int size, int value) {
    boolean on = memoryOn();
    if (!on && (!placed.isSet() || value == kept(register, size))) {
      if (decoding.isSet()) {
        // A reset turned the decoder off
        close();
      }
      write(register, size, value);
    } else if (read(register, size) != value) {
      owner.around.refusals().report(sbdf, register, owner.domain(),
          on ? "BARs can't be moved while the memory decoder is on" : "BARs that were in use are protected");
    }
  }

  /** What a reset may have wiped, and is written back. */
  private int kept(int register, int size) {
    return (int) (fixed[register - Header.BARS >>> 2] >>> 8 * (register & 3) & Header.none(size));
  }

  /** With protected BARs: from when the decoder is on they are where they are. */
  private void protect() {
    if (owner.policy.access() == Policy.ConfigAccess.PROTECT_BARS && !placed.isSet() && memoryOn()) {
      placed.set(true);
      for (int i = 0; i < bars(); i++) {
        fixed[i] = read(Header.BARS + 4 * i, 4);
      }
    }
  }

  // ---- stage 2

  /** Stage 2 follows the memory decoder. */
  void settle() {
    protect();
    if (owner.policy.apertures() && memoryOn() != decoding.isSet()) {
      if (decoding.isSet()) {
        close();
      } else {
        open();
      }
    }
  }

  private void open() {
    HostBridgeWindows host = host();
    HostBar[] found = HostBar.probe(host.port, Sbdf.rid(sbdf), bars(), rom());
    if (found == null) {
      owner.around.refusals().report(sbdf, Header.BARS, owner.domain(), "a BAR's size is no power of two: none is mapped");
      return;
    }
    decoding.set(true);
    measure(host, found);
    messages.decodes();
    for (int i = 0; i < found.length; i++) {
      if (bytes[i] != 0 && owner.policy.mmio() == Policy.Mmio.DECODE) {
        map(i);
      }
    }
    messages.moved();
  }

  /** Where CPUs see what the function decodes. */
  private void measure(HostBridgeWindows host, HostBar[] found) {
    boolean romOn = (read(rom(), 4) & Header.ROM_ENABLE) != 0;
    for (int i = 0; i < found.length; i++) {
      HostBar bar = found[i];
      boolean isRom = i == found.length - 1;
      long cpu = bar.memory() && (!isRom || romOn) ? host.cpu(bar.bus(), bar.size()) : -1;
      if (cpu >= 0) {
        base[i] = cpu;
        bytes[i] = bar.size();
      } else if (bar.memory() && bar.bus() != 0 && (!isRom || romOn)) {
        owner.around.refusals().report(sbdf, isRom ? rom() : Header.BARS + 4 * i, owner.domain(),
            "0x%x on the bus isn't in the host bridge's ranges: it isn't mapped".formatted(bar.bus()));
      }
    }
  }

  private void map(int i) {
    long first = VirtualBars.first(base[i]);
    long end = VirtualBars.end(base[i] + bytes[i]);
    Domain domain = owner.domain();
    if (owner.given(first, end)) {
      owner.around.refusals().report(sbdf, Header.BARS + 4 * i, domain, "another domain's BAR is at 0x%x: it isn't mapped"
          .formatted(base[i]));
    } else if (domain != null) {
      mapped[i] = 1;
      for (long at = first; at < end;) {
        long hole = messages.hole(i, at, end);
        if (hole > at && owner.around.p2m().map(domain, at, at, hole - at, PageType.DEVICE) != 0) {
          mapped[i] = 0;
          return;
        }
        at = messages.holeEnd(i, hole, end);
      }
    }
  }

  boolean isMapped(int i) {
    return i < COUNT && mapped[i] != 0;
  }

  long base(int i) {
    return i < COUNT ? base[i] : 0;
  }

  long bytes(int i) {
    return i < COUNT ? bytes[i] : 0;
  }

  private void close() {
    decoding.set(false);
    for (int i = 0; i < COUNT; i++) {
      boolean was = mapped[i] != 0;
      mapped[i] = 0;
      if (was) {
        unmap(VirtualBars.first(base[i]), VirtualBars.end(base[i] + bytes[i]));
      }
    }
    Arrays.fill(bytes, 0);
    messages.moved();
  }

  private void unmap(long first, long end) {
    Domain domain = owner.domain();
    if (domain == null) {
      return;
    }
    if (!owner.mapped(first, end)) {
      owner.around.p2m().unmap(domain, first, end - first);
      return;
    }
    // Small BARs of several functions may be in one page, and whoever places them may have them overlap
    for (long page = first; page < end; page++) {
      if (!owner.mapped(page)) {
        owner.around.p2m().unmap(domain, page, 1);
      }
    }
  }

  /** Whether one of its BARs is mapped in some of these pages. */
  boolean mapped(long first, long end) {
    for (int i = 0; i < COUNT; i++) {
      if (mapped[i] != 0 && bytes[i] != 0 && VirtualBars.first(base[i]) < end && VirtualBars.end(base[i] + bytes[i]) > first) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of its BARs is mapped in a page. */
  boolean mapped(long page) {
    for (int i = 0; i < COUNT; i++) {
      if (mapped[i] != 0 && decodes(i, page) && messages.hole(i, page, page + 1) > page) {
        return true;
      }
    }
    return false;
  }

  /** The hardware domain asks for a page. @return whether the function decodes there */
  boolean request(long page) {
    boolean found = false;
    for (int i = 0; i < COUNT; i++) {
      if (decodes(i, page)) {
        mapped[i] = 1;
        found = true;
      }
    }
    return found;
  }

  private boolean decodes(int i, long page) {
    return bytes[i] != 0 && VirtualBars.first(base[i]) <= page && VirtualBars.end(base[i] + bytes[i]) > page;
  }

  /** Maps the BARs that it decodes in a page. @return whether there was one */
  boolean fault(long page) {
    boolean found = false;
    for (int i = 0; i < COUNT; i++) {
      if (decodes(i, page)) {
        map(i);
        found |= mapped[i] != 0;
      }
    }
    return found;
  }
}
