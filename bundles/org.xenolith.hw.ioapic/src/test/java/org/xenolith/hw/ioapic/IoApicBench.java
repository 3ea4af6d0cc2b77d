// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ioapic;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.x64.api.EndOfInterruptPort;

/** An I/O APIC, what drives it and what it sends. */
final class IoApicBench {
  static final String LOCAL_APICS = "/lapic@fee00000";
  static final int PHANDLE = 7;
  static final int ID = 0;
  static final int VERSION = 1;
  static final int ARBITRATION = 2;
  static final int REDIRECTION = 0x10;
  static final int EOIR = 0x40;
  static final int PENDING = 1 << 12;
  static final int REMOTE_IRR = 1 << 14;
  static final int LEVEL = 1 << 15;
  static final int MASKED = 1 << 16;

  private FakeContext context;
  private DeviceModel model;

  IoApicBench() {
    context = new FakeContext(node().build()).beside(localApics().build());
    model = context.create(new IoApicComponent());
  }

  static FakeNode node() {
    return FakeNode.at("/ioapic@fec00000").compatible("intel,ce4100-ioapic").window(0xFEC0_0000L, 0x1000);
  }

  static FakeNode localApics() {
    return FakeNode.at(LOCAL_APICS).compatible("intel,ce4100-lapic").window(0xFEE0_0000L, 0x10_0000).cells("phandle", PHANDLE);
  }

  FakeContext context() {
    return context;
  }

  DeviceModel model() {
    return model;
  }

  long read(int register) {
    context.write(0x00, register);
    return context.read(0x10);
  }

  void write(int register, long value) {
    context.write(0x00, register);
    context.write(0x10, value);
  }

  /** Lower half of an entry of the redirection table. */
  long entry(int pin) {
    return read(REDIRECTION + 2 * pin);
  }

  void entry(int pin, long low) {
    write(REDIRECTION + 2 * pin, low);
  }

  void destination(int pin, int destination) {
    write(REDIRECTION + 2 * pin + 1, (long) destination << 24);
  }

  void line(int pin, boolean level) {
    context.inputs().set(pin, -1, level);
  }

  void pulse(int pin) {
    line(pin, true);
    line(pin, false);
  }

  /** The local APICs tell of the end of a level-triggered interrupt. */
  void ended(int vector) {
    context.port(LOCAL_APICS, EndOfInterruptPort.class).ended(vector);
  }

  /** What it has sent since the last call, as {@code address: data}, both in hexadecimal. */
  List<String> sent() {
    List<String> sent = new ArrayList<>();
    context.sentMessages().forEach(m -> sent.add("%x: %x".formatted(m.address(), m.value()) + (m.size() == 4 ? "" : " /" + m.size())));
    context.sentMessages().clear();
    return sent;
  }

  /** Another version takes over; the one before isn't told. */
  void handOver() {
    StateRecord record = model.state().save();
    context = context.successor();
    model = context.create(new IoApicComponent());
    model.state().restore(record);
    model.restored();
  }

  /** It goes away. */
  void remove() {
    model.removed();
  }
}
