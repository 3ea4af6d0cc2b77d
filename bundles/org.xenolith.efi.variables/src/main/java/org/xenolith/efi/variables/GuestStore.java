// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.util.function.Supplier;

/** The variables of one domain, in memory: what a snapshot has of them is all that there is. */
final class GuestStore implements Keeper {
  private final VariableTable table = new VariableTable(StorePolicy.USUAL, this, text -> {});
  private final EfiVariables variables = new EfiVariables(StorePolicy.USUAL, table);

  /** An empty one. */
  GuestStore() {
    begin();
  }

  /**
   * One from a snapshot.
   *
   * @throws org.xenolith.regs.StateMismatch if {@link #table} didn't write these bytes
   */
  GuestStore(byte[] bytes, boolean runTime, boolean counted) {
    table.decode(bytes);
    variables.runTime(runTime);
    variables.counted(counted);
  }

  /** As after power-on. */
  void begin() {
    variables.reset(table.kept());
  }

  EfiVariables variables() {
    return variables;
  }

  /** All variables as bytes. */
  byte[] table() {
    return table.encode();
  }

  @Override
  public boolean isReadOnly() { return false; }

  @Override
  public long capacity() {
    return -1;
  }

  @Override
  public void keep(LogRecord change, Supplier<LogContents> after) {
    // It is kept in the table.
  }
}
