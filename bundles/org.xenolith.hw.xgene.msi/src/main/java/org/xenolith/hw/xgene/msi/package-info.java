// SPDX-License-Identifier: EPL-2.0
/** The controller of message-signalled interrupts in APM X-Gene v1. */
package org.xenolith.hw.xgene.msi;
