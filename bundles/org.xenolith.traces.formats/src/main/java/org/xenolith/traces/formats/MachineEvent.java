// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.formats;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** An event of a trace, as Flight Recorder has it; off but for recordings that are traces. */
@Name("org.xenolith.Trace")
@Label("Machine Event")
@Category("Xenolith")
@Description("Something that happened in a machine")
@StackTrace(false)
@Enabled(false)
final class MachineEvent extends Event {
  /** Virtual nanoseconds since power-on. */
  @Label("Virtual Time")
  long virtualTime;
  /** Name of its kind. */
  @Label("Kind")
  String kind;
  /** Index; -1 for none. */
  @Label("CPU")
  int cpu;
  /** Number; -1 for none. */
  @Label("Domain")
  int domain;
  /** Instance or node; empty for none. */
  @Label("Device")
  String device;
  /** Fields as NAME=VALUE. */
  @Label("Details")
  String details;
}
