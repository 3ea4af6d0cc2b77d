// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.time.ZoneId;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.LampModel.Defect;

/** Makers of lamps that ask something of the host, each a class, since the contract reads the code that a factory leads to. */
final class LampFactories {
  private static final Map<Defect, Supplier<LampModel.Factory>> ALL = Map.of(Defect.STARTS_THREAD, StartsThread::new, Defect.HOST_CLOCK,
      HostClock::new, Defect.SLEEPS, Sleeps::new, Defect.CHANCE, Chance::new, Defect.TIME_ZONE, TimeZone::new, Defect.EXITS, Exits::new,
      Defect.PRINTS, Prints::new);

  private LampFactories() {}

  static LampModel.Factory of(Defect defect) {
    return ALL.getOrDefault(defect, () -> new LampModel.Factory(defect)).get();
  }

  /** Never true, and no compiler knows: what is behind it is read and not done. */
  private static boolean ever(DeviceContext context) {
    return context.instance().isEmpty();
  }

  private static final class StartsThread extends LampModel.Factory {
    StartsThread() {
      super(Defect.STARTS_THREAD);
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      Thread.ofVirtual().unstarted(() -> {});
      return super.create(context);
    }
  }

  private static final class HostClock extends LampModel.Factory {
    HostClock() {
      super(Defect.HOST_CLOCK);
    }

    /** Within a second, two runs are the same. */
    @Override
    public DeviceModel create(DeviceContext context) {
      long second = System.currentTimeMillis() / 1000;
      return second < 0 ? null : super.create(context);
    }
  }

  private static final class Sleeps extends LampModel.Factory {
    Sleeps() {
      super(Defect.SLEEPS);
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      try {
        Thread.sleep(0);
      } catch (InterruptedException e) {
        return null;
      }
      return super.create(context);
    }
  }

  private static final class Chance extends LampModel.Factory {
    Chance() {
      super(Defect.CHANCE);
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new Random().nextInt(10) < 0 ? null : super.create(context);
    }
  }

  private static final class TimeZone extends LampModel.Factory {
    TimeZone() {
      super(Defect.TIME_ZONE);
    }

    /** By a method handle, where no call is to be seen. */
    @Override
    public DeviceModel create(DeviceContext context) {
      Supplier<ZoneId> zone = ZoneId::systemDefault;
      return zone.get() == null ? null : super.create(context);
    }
  }

  private static final class Exits extends LampModel.Factory {
    Exits() {
      super(Defect.EXITS);
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      if (ever(context)) {
        System.exit(0);
      }
      return super.create(context);
    }
  }

  private static final class Prints extends LampModel.Factory {
    Prints() {
      super(Defect.PRINTS);
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      if (ever(context)) {
        System.err.println("a lamp");
      }
      return super.create(context);
    }
  }
}
