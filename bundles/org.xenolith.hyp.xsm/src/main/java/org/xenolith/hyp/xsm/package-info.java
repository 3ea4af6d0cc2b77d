// SPDX-License-Identifier: EPL-2.0
/** Who may do what to whom: Xen's default policy. */
package org.xenolith.hyp.xsm;
