// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For JDK Flight Recorder: guest code was left, for so long. Off unless a recording asks for it: there are very many. */
@Name("org.xenolith.Exit")
@Label("Exit from guest code")
@Description("A model, the firmware or the hypervisor worked for a guest")
@Category("Xenolith")
@StackTrace(false)
@Enabled(false)
final class ExitEvent extends Event {
  private static final ExitEvent PROBE = new ExitEvent();

  /** See {@link ExitKind}. */
  @Label("Kind")
  String kind;
  /** Instance of the model, or what led to the hypervisor. */
  @Label("Place")
  String place;

  /** Whether a recording wants it. */
  static boolean wanted() {
    return PROBE.isEnabled();
  }
}
