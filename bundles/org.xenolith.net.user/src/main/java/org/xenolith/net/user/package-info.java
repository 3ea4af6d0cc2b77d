// SPDX-License-Identifier: EPL-2.0
/** The network behind address translation in user space: {@code --nic user}. */
package org.xenolith.net.user;
