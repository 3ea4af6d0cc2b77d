// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** States of a front end or back end, as decimal text under {@code state} ({@code io/xenbus.h}). Names as there. */
public final class XenbusState {
  public static final int XenbusStateClosed = 6;
  public static final int XenbusStateClosing = 5;
  public static final int XenbusStateConnected = 4;
  public static final int XenbusStateInitWait = 2;
  public static final int XenbusStateInitialised = 3;
  public static final int XenbusStateInitialising = 1;
  public static final int XenbusStateReconfigured = 8;
  public static final int XenbusStateReconfiguring = 7;
  public static final int XenbusStateUnknown = 0;

  private XenbusState() {
  }
}
