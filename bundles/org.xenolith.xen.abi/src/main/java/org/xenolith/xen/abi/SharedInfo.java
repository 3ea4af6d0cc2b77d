// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** The page that a domain shares with the hypervisor ({@code struct shared_info}). */
public final class SharedInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 1088;
  public static final int EVTCHN_PENDING = 48;
  public static final int EVTCHN_MASK = 560;
  public static final int WC_VERSION = 1072;
  public static final int WC_SEC = 1076;
  public static final int WC_NSEC = 1080;
  public static final int WC_SEC_HI = 1084;

  public long evtchnPending(int index) {
    return memory.read64(address + EVTCHN_PENDING + 8L * index);
  }

  public void evtchnPending(int index, long value) {
    memory.write64(address + EVTCHN_PENDING + 8L * index, value);
  }

  public long evtchnMask(int index) {
    return memory.read64(address + EVTCHN_MASK + 8L * index);
  }

  public void evtchnMask(int index, long value) {
    memory.write64(address + EVTCHN_MASK + 8L * index, value);
  }

  public int wcVersion() {
    return memory.read32(address + WC_VERSION);
  }

  public void wcVersion(int value) {
    memory.write32(address + WC_VERSION, value);
  }

  public int wcSec() {
    return memory.read32(address + WC_SEC);
  }

  public void wcSec(int value) {
    memory.write32(address + WC_SEC, value);
  }

  public int wcNsec() {
    return memory.read32(address + WC_NSEC);
  }

  public void wcNsec(int value) {
    memory.write32(address + WC_NSEC, value);
  }

  public int wcSecHi() {
    return memory.read32(address + WC_SEC_HI);
  }

  public void wcSecHi(int value) {
    memory.write32(address + WC_SEC_HI, value);
  }
}
