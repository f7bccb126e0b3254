/** Made by sdks/generator from the API's contract: where its answers hold money. */

import type { Shapes } from "./json.js";

export const SHAPES = {
  Account: { balance_usd: "decimal", balance_low_threshold_usd: "decimal", daily_spend_cap_usd: "decimal" },
  "*account": { balance_usd: "decimal", balance_low_threshold_usd: "decimal", daily_spend_cap_usd: "decimal" },
  AddonUsage: { cost_usd: "decimal" },
  Prices: { monthly: "decimal", quarterly: "decimal", yearly: "decimal" },
  AvailableNumber: { prices: "Prices" },
  "*available_number": { prices: "Prices" },
  Call: { cost_usd: "decimal" },
  "*call": { cost_usd: "decimal" },
  CallUsage: { cost_usd: "decimal" },
  Day: { cost_usd: "decimal" },
  Event: { data: "EventData" },
  "*event": { data: "EventData" },
  NumberUsage: { cost_usd: "decimal" },
  Preview: { cost_usd: "decimal" },
  "*sms_preview": { cost_usd: "decimal" },
  Sms: { cost_usd: "decimal" },
  "*sms": { cost_usd: "decimal" },
  SmsDetail: { cost_usd: "decimal" },
  SmsUsage: { cost_usd: "decimal" },
  Usage: { calls: "CallUsage", sms: "SmsUsage", numbers: "NumberUsage", addons: "AddonUsage", total_cost_usd: "decimal", daily: "Day" },
  "*usage": { calls: "CallUsage", sms: "SmsUsage", numbers: "NumberUsage", addons: "AddonUsage", total_cost_usd: "decimal", daily: "Day" },
  EventData: { object: "*" },
} as const satisfies Shapes;
