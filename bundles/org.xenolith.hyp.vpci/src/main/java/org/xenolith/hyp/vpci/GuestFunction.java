// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.PciConfiguration;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.XenErrno;

/** One function that a guest has: its configuration space (PCI Express Base Specification 5.0, 7.5.1, type 0). */
final class GuestFunction implements MessagingFunction {
  /** Command bits that the guest's writes reach the hardware with. */
  private static final int PASSED = Header.MASTER | Header.SPECIAL | Header.INVALIDATE;
  private static final int LINE = 0xFF;

  final int sbdf;
  final DeviceState state = new DeviceState();
  /** {@code Domain.serial} of the guest. */
  final LongCell serial = state.cell("serial", 0);
  /** Its place on the guest's virtual bus. */
  final LongCell devfn = state.cell("devfn", 0);
  final Environment around;
  final VirtualBars bars;
  final GuestCapabilities capabilities;
  final MessageCapability msi;
  final MsixTable msix;
  /** Where the guest has it; null only between a restored record and its end, if its guest is gone. */
  GuestBridge guest;
  private final boolean translated;
  private final LongCell bridge = state.cell("bridge", 0);
  /** MEMORY and INTX_DISABLE as the guest wrote them. */
  private final LongCell command = state.cell("command", 0);
  private final LongCell line = state.cell("line", 0);
  /** Reaches it with the number of a bridge resolved at each access: bridges' drivers come and go. */
  private final PciConfiguration hardware = new PciConfiguration() {
    @Override
    public int read(int rid, int register, int size) {
      HostBridgePort port = port();
      return port == null ? (int) Header.none(size) : port.read(rid, register, size);
    }

    @Override
    public void write(int rid, int register, int size, int value) {
      HostBridgePort port = port();
      if (port != null) {
        port.write(rid, register, size, value);
      }
    }
  };

  /** @param translated whether its messages become ones of the machine's */
  GuestFunction(int sbdf, Environment around, boolean translated) {
    this.sbdf = sbdf;
    this.translated = translated;
    this.around = around;
    bars = new VirtualBars(this);
    msi = new MessageCapability(this);
    msix = new MsixTable(this);
    capabilities = new GuestCapabilities(this);
    GuestFunctionRegisters.header(state, this::own);
  }

  /** What is the guest's own of a register of the header. */
  private long own(int register) {
    return switch (register) {
      case Header.COMMAND -> command.value;
      case Header.INTERRUPT -> line.value;
      default -> bars.read((register - Header.BARS) / 4) & 0xFFFF_FFFFL;
    };
  }

  private HostBridgePort port() {
    HostBridgeWindows windows = host();
    return windows == null ? null : windows.port;
  }

  /** The bridge above it; null while the machine's bridges aren't known. */
  HostBridgeWindows host() {
    return around.hardware().at((int) bridge.value);
  }

  @Override
  public int hardware(int register, int size) {
    return hardware.read(Sbdf.rid(sbdf), register, size);
  }

  @Override
  public void hardware(int register, int size, int value) {
    hardware.write(Sbdf.rid(sbdf), register, size, value);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public Environment around() {
    return around;
  }

  @Override
  public Doorbell doorbell() {
    return translated ? new TranslatedMessages(around.translation(), sbdf, guest == null ? null : guest.domain) : GuestDoorbell.of(this);
  }

  @Override
  public boolean barMapped(int bar) {
    return bars.mapped(bar);
  }

  @Override
  public long barSeen(int bar) {
    return bars.guest(bar);
  }

  @Override
  public long barHost(int bar) {
    return bars.host(bar);
  }

  @Override
  public long barSize(int bar) {
    return bars.size(bar);
  }

  @Override
  public void refuse(int register, String why) {
    around.refusals().report(sbdf, register, guest == null ? null : guest.domain, why);
  }

  // ---- life

  /**
   * Takes the function as it is, its decoders off from here on.
   *
   * @return 0 or a negative errno
   */
  int begin(PciFunction function, int ownerSerial) {
    serial.value = ownerSerial;
    bridge.value = around.hardware().index(function.bridge());
    devfn.value = function.guestSbdf() & 0xFF;
    if ((hardware(Header.ID, 2) & 0xFFFF) == 0xFFFF) {
      return -XenErrno.XEN_ENODEV;
    }
    if ((hardware(Header.TYPE, 1) & ~Header.MULTIFUNCTION & 0xFF) != 0) {
      return -XenErrno.XEN_EOPNOTSUPP;
    }
    quiet();
    HostBar[] found = HostBar.probe(hardware, Sbdf.rid(sbdf), Header.BAR_COUNT, 0);
    if (found == null) {
      return -XenErrno.XEN_EINVAL;
    }
    capabilities.find();
    bars.begin(found);
    msix.begin();
    capabilities.keepControl();
    messagesOff();
    return 0;
  }

  /** The guest doesn't have it any more: who has it next finds it where the host put it, whatever reset it meanwhile. */
  void end() {
    bars.unmap();
    quiet();
    bars.restoreHost();
    messagesOff();
  }

  /** Decoders and bus master off, and its interrupt line, which leads to no guest. */
  private void quiet() {
    int now = hardware(Header.COMMAND, 2);
    hardware(Header.COMMAND, 2, now & ~(Header.IO | Header.MEMORY | Header.MASTER) | Header.INTX_DISABLE);
  }

  private void messagesOff() {
    msi.off();
    msix.off();
    takeMessages();
  }

  /** None of the machine's is the guest's any more. */
  private void takeMessages() {
    if (translated) {
      around.translation().take(sbdf);
    }
  }

  /** The hardware was reset: it gets back what the host had given it, and the guest finds it as after power-on. */
  void wasReset() {
    bars.unmap();
    bars.clear();
    command.value = 0;
    line.value = 0;
    msi.clear();
    msix.clear();
    takeMessages();
    quiet();
    bars.restoreHost();
    capabilities.restoreControl();
  }

  /** A record was restored and its guest is there. */
  void restored() {
    msix.moved();
  }

  boolean decoding() {
    return (command.value & Header.MEMORY) != 0;
  }

  // ---- the guest's accesses

  /** A load of 1, 2 or 4 bytes, naturally aligned. */
  int read(int register, int size) {
    int shift = 8 * (register & 3);
    return (int) (dword(register & ~3) >>> shift & Header.none(size));
  }

  /** A store of 1, 2 or 4 bytes, naturally aligned. */
  void write(int register, int size, int value) {
    int shift = 8 * (register & 3);
    store(register & ~3, value << shift, (int) Header.none(size) << shift);
  }

  private int dword(int register) {
    if (register >= Header.EXTENDED) {
      return capabilities.extended(register);
    }
    if (register >= Header.SPECIFIC) {
      return capabilities.read(register);
    }
    if (register >= Header.BARS && register < Header.BARS + 4 * Header.BAR_COUNT) {
      return bars.read((register - Header.BARS) / 4);
    }
    return switch (register) {
      case Header.ID, Header.CLASS, Header.SUBSYSTEM -> hardware(register, 4);
      case Header.COMMAND -> commandAndStatus();
      case Header.CACHE_LINE -> hardware(register, 4) & 0x7F_FFFF | (guest.multifunction(this) ? Header.MULTIFUNCTION << 16 : 0);
      case Header.CAPABILITIES -> capabilities.first();
      case Header.INTERRUPT -> (int) line.value;
      default -> 0;
    };
  }

  private int commandAndStatus() {
    int now = hardware(Header.COMMAND, 4);
    if (now == -1) {
      return now;
    }
    int status = now >>> 16 & ~(Header.INTX_STATUS | Header.CAPABLE) | (capabilities.first() != 0 ? Header.CAPABLE : 0);
    return status << 16 | now & PASSED | (int) command.value | (messages() ? Header.INTX_DISABLE : 0);
  }

  private boolean messages() {
    return msi.enabled() || msix.enabled();
  }

  private void store(int register, int value, int lanes) {
    if (register >= Header.EXTENDED) {
      return;
    }
    if (register >= Header.SPECIFIC) {
      capabilities.write(register, value, lanes);
    } else if (register >= Header.BARS && register < Header.BARS + 4 * Header.BAR_COUNT) {
      bars.write((register - Header.BARS) / 4, value, lanes);
    } else if (register == Header.COMMAND) {
      command(value, lanes & 0xFFFF);
      int cleared = (value & lanes) >>> 16 & Header.ERRORS;
      if (cleared != 0) {
        hardware(Header.STATUS, 2, cleared);
      }
    } else if (register == Header.INTERRUPT) {
      line.value = line.value & ~lanes & LINE | value & lanes & LINE;
    }
  }

  private void command(int value, int lanes) {
    if (lanes == 0) {
      return;
    }
    int now = hardware(Header.COMMAND, 2);
    int seen = now & PASSED | (int) command.value;
    int wanted = seen & ~lanes | value & lanes;
    boolean was = decoding();
    boolean on = (wanted & Header.MEMORY) != 0;
    int next = now & ~(PASSED | Header.MEMORY | Header.IO) | wanted & (PASSED | Header.MEMORY) | Header.INTX_DISABLE;
    if (was && !on) {
      bars.unmap();
    } else if (on && !was) {
      bars.restoreHost();
    }
    command.value = wanted & (Header.MEMORY | Header.INTX_DISABLE);
    hardware(Header.COMMAND, 2, next);
    if (on && !was) {
      msix.settle();
      bars.map();
    }
  }
}
