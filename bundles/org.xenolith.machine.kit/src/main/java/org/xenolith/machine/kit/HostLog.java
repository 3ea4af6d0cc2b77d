// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import org.xenolith.machine.api.EventLog;

/** A machine's event log that is also told of the host alone. */
public interface HostLog extends EventLog {
  /**
   * Reports something that the machine's run neither causes nor shows, such as that code kept by an earlier run doesn't fit. Who watches the machine isn't told: the same run may have it another time,
   * or not. Otherwise it is as of {@link #report}.
   */
  void reportHost(String kind, String place, String text);

  /** The same to any log. */
  static void report(EventLog log, String kind, String place, String text) {
    if (log instanceof HostLog host) {
      host.reportHost(kind, place, text);
    } else {
      log.report(kind, place, text);
    }
  }
}
