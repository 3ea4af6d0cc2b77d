// SPDX-License-Identifier: EPL-2.0
/** What a launch can be told that no other bundle knows better: the board, its CPUs, the guest and its files, disks, a snapshot. */
package org.xenolith.boot.options;
