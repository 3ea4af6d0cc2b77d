// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** The page over which a domain talks to XenStore ({@code struct xenstore_domain_interface}). */
public final class StoreRing extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 2076;
  public static final int REQ = 0;
  public static final int RSP = 1024;
  public static final int REQ_CONS = 2048;
  public static final int REQ_PROD = 2052;
  public static final int RSP_CONS = 2056;
  public static final int RSP_PROD = 2060;
  public static final int SERVER_FEATURES = 2064;
  public static final int CONNECTION = 2068;
  public static final int ERROR = 2072;
  public static final int EVTCHN_PORT = 2076;
  /** Bytes of {@code req}. */
  public static final int REQ_BYTES = 1024;
  /** Bytes of {@code rsp}. */
  public static final int RSP_BYTES = 1024;

  public int reqCons() {
    return memory.read32(address + REQ_CONS);
  }

  public void reqCons(int value) {
    memory.write32(address + REQ_CONS, value);
  }

  public int reqProd() {
    return memory.read32(address + REQ_PROD);
  }

  public void reqProd(int value) {
    memory.write32(address + REQ_PROD, value);
  }

  public int rspCons() {
    return memory.read32(address + RSP_CONS);
  }

  public void rspCons(int value) {
    memory.write32(address + RSP_CONS, value);
  }

  public int rspProd() {
    return memory.read32(address + RSP_PROD);
  }

  public void rspProd(int value) {
    memory.write32(address + RSP_PROD, value);
  }

  public int serverFeatures() {
    return memory.read32(address + SERVER_FEATURES);
  }

  public void serverFeatures(int value) {
    memory.write32(address + SERVER_FEATURES, value);
  }

  public int connection() {
    return memory.read32(address + CONNECTION);
  }

  public void connection(int value) {
    memory.write32(address + CONNECTION, value);
  }

  public int error() {
    return memory.read32(address + ERROR);
  }

  public void error(int value) {
    memory.write32(address + ERROR, value);
  }

  public int evtchnPort() {
    return memory.read32(address + EVTCHN_PORT);
  }

  public void evtchnPort(int value) {
    memory.write32(address + EVTCHN_PORT, value);
  }
}
