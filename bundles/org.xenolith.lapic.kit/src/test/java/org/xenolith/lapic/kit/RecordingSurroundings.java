// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import java.util.ArrayList;
import java.util.List;

/** What is around an APIC in a test: time that stands still until it is told otherwise, and a record of what the APIC does. Time stamps are nanoseconds. */
final class RecordingSurroundings implements LapicSurroundings {
  /** What the CPU and I/O APICs were told, such as {@code nmi}, {@code start-up 9a} and {@code ended 61}. */
  final List<String> told = new ArrayList<>();
  /** The level of INTR. */
  boolean interrupt;
  /** How often the alarm was set. */
  int alarms;
  /** Added to time stamps. */
  long offset;
  private long now;
  private long alarm = Long.MAX_VALUE;

  /** Lets time pass, and the alarm ring when it is due. */
  void advance(LocalApic apic, long nanoseconds) {
    long end = now + nanoseconds;
    while (alarm <= end) {
      now = Math.max(now, alarm);
      alarm = Long.MAX_VALUE;
      apic.due();
    }
    now = end;
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public long timeOf(long timeStamp) {
    return Math.max(now, timeStamp - offset);
  }

  @Override
  public long alarm() {
    return alarm;
  }

  @Override
  public void alarm(long nanoseconds) {
    alarm = nanoseconds;
    alarms++;
  }

  @Override
  public boolean bootstrap() {
    return false;
  }

  @Override
  public void interrupt(boolean level) {
    interrupt = level;
  }

  @Override
  public void nmi() {
    told.add("nmi");
  }

  @Override
  public void init() {
    told.add("init");
  }

  @Override
  public void startUp(int vector) {
    told.add("start-up " + Integer.toHexString(vector));
  }

  @Override
  public void notDelivered(int delivery) {
    told.add("not delivered " + delivery);
  }

  @Override
  public void ended(int vector) {
    told.add("ended " + Integer.toHexString(vector));
  }
}
