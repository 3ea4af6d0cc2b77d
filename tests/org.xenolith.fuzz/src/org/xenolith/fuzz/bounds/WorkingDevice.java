// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.fuzz.OwnClasses;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.testkit.FakeClock;
import org.xenolith.testkit.FakeContext;

/**
 * A device alone, what a guest does to it, and how much it may do at once: a unit is an access to memory or disk, or 64 bytes. Each concrete
 * class with a {@link DeviceNumber} is one that an input may name.
 */
abstract class WorkingDevice {
  /** Bytes that are moved as a unit. */
  static final int UNIT = 64;
  private static final int NUMBERS = 64;
  private static final List<InstalledComponent> INSTALLED = InstalledComponent.all();
  private static final TreeMap<Integer, Class<? extends WorkingDevice>> KINDS = new TreeMap<>();
  private static final long[] LENGTHS = {0xFFFF_FFFFL, 0x8000_0000L, 0x1_0000_0000L, 0x10_0000, 0x10_0001, 0x80_0000, 0x80_0001, 1, 0, 512,
      4096,
      0x7FFF_FFFF};

  static {
    for (Class<? extends WorkingDevice> kind : OwnClasses.of(WorkingDevice.class)) {
      Class<?> other = KINDS.put(kind.getAnnotation(DeviceNumber.class).value(), kind);
      if (other != null) {
        throw new IllegalStateException(kind + " and " + other + " have the same number");
      }
    }
  }

  final CountedMemory memory = new CountedMemory();
  final String name;
  final long most;
  FakeContext context;

  WorkingDevice(String name, long most) {
    this.name = name;
    this.most = most;
  }

  /** The device that a byte names; one that none has names that before it. */
  static WorkingDevice of(int which) {
    Map.Entry<Integer, Class<? extends WorkingDevice>> kind = KINDS.floorEntry(which % NUMBERS);
    return OwnClasses.make((kind == null ? KINDS.firstEntry() : kind).getValue());
  }

  /** A component's factory. @param component class name behind org.xenolith */
  static DeviceModelFactory factory(String component) {
    return INSTALLED.stream().filter(each -> each.implementation().equals("org.xenolith." + component)).findFirst()
        .orElseThrow(() -> new IllegalStateException("no component " + component)).make(DeviceModelFactory.class);
  }

  /** Makes a model with the counted memory. @param component class name behind org.xenolith */
  final DeviceModel make(FakeContext at, String component) {
    DeviceModelFactory factory = factory(component);
    return at.create(new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return factory.description();
      }

      @Override
      public DeviceModel create(DeviceContext own) {
        return factory.create(memory.behind(own));
      }
    });
  }

  /** The guest's next access, and what it writes into memory for it. */
  abstract void step(InputBytes input);

  /** What was done since the last time. */
  long work() {
    return memory.take();
  }

  /** Virtual time. */
  FakeClock clock() {
    return context.clock();
  }

  /** Whether an alarm is armed. */
  final boolean waits() {
    return clock().nextDeadline() != Long.MAX_VALUE;
  }

  /** Time goes on to the next alarm. */
  final void alarm() {
    clock().fireNext();
  }

  /** A length: one that means something, or any of 32 bits. */
  static long length(InputBytes input) {
    int which = input.next();
    return which < 128 ? LENGTHS[which % LENGTHS.length] : input.next(4);
  }

  /** Any access to a register. */
  final void any(InputBytes input) {
    int size = 4 << (input.next() & 1);
    long offset = input.next(2) & -size & context.node().windows().getFirst().size() - 1;
    context.write(0, offset, size, input.next(size));
  }
}
