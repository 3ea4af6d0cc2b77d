// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Interface version and operations of xsm_op under a Flask policy ({@code xsm/flask_op.h}). Names as there. */
public final class FlaskOp {
  public static final int FLASK_LOAD = 1;
  public static final int FLASK_GETENFORCE = 2;
  public static final int FLASK_SETENFORCE = 3;
  public static final int FLASK_CONTEXT_TO_SID = 4;
  public static final int FLASK_SID_TO_CONTEXT = 5;
  public static final int FLASK_ACCESS = 6;
  public static final int FLASK_CREATE = 7;
  public static final int FLASK_RELABEL = 8;
  public static final int FLASK_USER = 9;
  public static final int FLASK_POLICYVERS = 10;
  public static final int FLASK_GETBOOL = 11;
  public static final int FLASK_SETBOOL = 12;
  public static final int FLASK_COMMITBOOLS = 13;
  public static final int FLASK_MLS = 14;
  public static final int FLASK_DISABLE = 15;
  public static final int FLASK_GETAVC_THRESHOLD = 16;
  public static final int FLASK_SETAVC_THRESHOLD = 17;
  public static final int FLASK_AVC_HASHSTATS = 18;
  public static final int FLASK_AVC_CACHESTATS = 19;
  public static final int FLASK_MEMBER = 20;
  public static final int FLASK_ADD_OCONTEXT = 21;
  public static final int FLASK_DEL_OCONTEXT = 22;
  public static final int FLASK_GET_PEER_SID = 23;
  public static final int FLASK_RELABEL_DOMAIN = 24;
  public static final int FLASK_DEVICETREE_LABEL = 25;
  public static final int XEN_FLASK_INTERFACE_VERSION = 1;

  private FlaskOp() {
  }
}
