// SPDX-License-Identifier: EPL-2.0
/** What tools ask of domains on x86-64 by domctl and sysctl that there isn't on other architectures. */
package org.xenolith.hyp.domctl.x64;
