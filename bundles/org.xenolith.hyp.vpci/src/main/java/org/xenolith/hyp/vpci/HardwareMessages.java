// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import org.xenolith.regs.DeviceState;

/** Messages of a function that the hardware domain has, where they are translated: MSI and MSI-X (PCI Express Base Specification 5.0, 7.7.1 and 7.7.2). All else of the function is the hardware's. */
final class HardwareMessages implements MessagingFunction {
  private static final int MOST_CAPABILITIES = 48;
  private static final long LOW = 0xFFFF_FFFFL;

  private final HardwareFunction function;
  private final MessageCapability msi;
  private final MsixTable msix;

  HardwareMessages(HardwareFunction function) {
    this.function = function;
    msi = new MessageCapability(this);
    msix = new MsixTable(this);
    // Records of before have none of it, and were of machines where nothing is translated.
    for (String field : new String[] {"msi", "msi-control", "msi-address", "msi-data", "msix", "msix-count", "msix-table", "msix-pending",
        "msix-control", "msix-entries"}) {
      function.state.added(field);
    }
  }

  /** Looks for the capabilities; without translation nothing is looked for, and the hardware's are the domain's. */
  void begin() {
    if (!function.owner.policy.translated()) {
      return;
    }
    int at = (hardware(Header.STATUS, 2) & Header.CAPABLE) == 0 ? 0 : hardware(Header.CAPABILITIES, 1) & 0xFC;
    for (int steps = 0; steps < MOST_CAPABILITIES && at >= Header.SPECIFIC; steps++) {
      int head = hardware(at, 4);
      switch (head & 0xFF) {
        case 0xFF -> {
          return;
        }
        case Header.CAP_MSI -> msi.begin(at);
        case Header.CAP_MSIX -> msix.begin(at);
        default -> {
        }
      }
      at = head >>> 8 & 0xFC;
    }
    if (msix.place() != 0) {
      msix.begin();
    }
  }

  /** A record was restored. */
  void restored() {
    msix.moved();
  }

  /** The function isn't the domain's any more. */
  void end() {
    msi.off();
    msix.off();
    take();
  }

  /** The function was reset. */
  void clear() {
    msi.clear();
    msix.clear();
    take();
  }

  /** Another function is here now: what this one sends goes nowhere. */
  void forget() {
    take();
  }

  private void take() {
    if (function.owner.policy.translated()) {
      function.owner.around.translation().take(function.sbdf);
    }
  }

  // ---- Configuration space

  private int msiRegister(int register) {
    int place = msi.place();
    return place != 0 && register >= place && register < place + MessageCapability.length(hardware(place + 2, 2)) ? register & ~3 : -1;
  }

  private boolean isMsixControl(int register) {
    return msix.place() != 0 && (register & ~3) == msix.place();
  }

  /** What the domain reads where the hardware has a value. */
  int read(int register, int size, int value) {
    int at = msiRegister(register);
    if (at < 0) {
      return value;
    }
    int word = msi.read(at - msi.place(), hardware(at, 4));
    return (int) (word >>> 8 * (register & 3) & Header.none(size));
  }

  /** The domain writes. @return whether that was a register of a message capability's */
  boolean write(int register, int size, int value) {
    int shift = 8 * (register & 3);
    int lanes = (int) (Header.none(size) & LOW) << shift;
    int at = msiRegister(register);
    if (at >= 0) {
      msi.write(at - msi.place(), value << shift, lanes);
      return true;
    }
    if (isMsixControl(register)) {
      msix.control(0, value << shift, lanes);
      return true;
    }
    return false;
  }

  // ---- BARs

  /** The memory decoder turned on: before BARs are mapped. */
  void decodes() {
    if (msix.place() != 0) {
      msix.settle();
    }
  }

  /** BARs were mapped or unmapped. */
  void moved() {
    msix.moved();
  }

  /** The first page of a BAR from {@code page} on that isn't to be mapped; {@code end} if all are. */
  long hole(int bar, long page, long end) {
    return msix.hole(bar, page, end);
  }

  long holeEnd(int bar, long page, long end) {
    return msix.holeEnd(bar, page, end);
  }

  /** Whether an address is in a page that is trapped. */
  boolean covers(long address) {
    return msix.covers(address);
  }

  long load(long address, int size) {
    return msix.read(address, size);
  }

  void store(long address, int size, long value) {
    msix.write(address, size, value);
  }

  // ---- For the capabilities

  @Override
  public DeviceState state() {
    return function.state;
  }

  @Override
  public int hardware(int register, int size) {
    return function.read(register, size);
  }

  @Override
  public void hardware(int register, int size, int value) {
    function.write(register, size, value);
  }

  @Override
  public void refuse(int register, String why) {
    function.owner.around.refusals().report(function.sbdf, register, function.owner.domain(), why);
  }

  @Override
  public Environment around() {
    return function.owner.around;
  }

  @Override
  public Doorbell doorbell() {
    return new TranslatedMessages(function.owner.around.translation(), function.sbdf, function.owner.domain());
  }

  @Override
  public boolean barMapped(int bar) {
    return function.isMapped(bar);
  }

  @Override
  public long barSeen(int bar) {
    return function.base(bar);
  }

  @Override
  public long barHost(int bar) {
    return function.bytes(bar) == 0 ? -1 : function.base(bar);
  }

  @Override
  public long barSize(int bar) {
    return function.bytes(bar);
  }
}
