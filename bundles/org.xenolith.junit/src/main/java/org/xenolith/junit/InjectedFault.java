// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

/** A fault of a machine, as long as it isn't closed; nothing ends one that was over at once. */
public interface InjectedFault extends AutoCloseable {
  /** Ends it; an input of the machine, too. */
  @Override
  void close();
}
