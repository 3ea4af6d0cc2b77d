// SPDX-License-Identifier: EPL-2.0
/** Seeds for cloud-init: small discs made of files that a person wrote. */
package org.xenolith.block.cloudinit;
