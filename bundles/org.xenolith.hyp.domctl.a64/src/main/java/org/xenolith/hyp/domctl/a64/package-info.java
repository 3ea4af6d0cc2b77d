// SPDX-License-Identifier: EPL-2.0
/** What tools ask of domains on Arm by domctl that there isn't, or is otherwise, on other architectures. */
package org.xenolith.hyp.domctl.a64;
