// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

/** What those who answer requests tell the client besides. By the conversation's thread, or in a look of it. */
interface ClientSession {
  /** Sends an event. */
  void event(String name, Object body);

  /** Tells people something. */
  void says(String sentence);

  /** Has something done behind the response that is made now. It may not look into the machine. */
  void later(Runnable what);
}
