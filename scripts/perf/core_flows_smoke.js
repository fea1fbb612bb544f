// Three flows of a collector at once, with the limits that they must keep. Run by k6; scripts/perf/README.md says how.
import http from "k6/http";
import { check, fail, sleep } from "k6";

const env = (name, fallback) => __ENV[name] || fallback;

const BASE_URL = env("PERF_BASE_URL", "http://127.0.0.1:8000").replace(/\/+$/, "");
const TOKEN = env("PERF_BEARER_TOKEN", "");
const RULE_ID = env("PERF_RULE_ID", "");
const RULE_RUN = env("PERF_ENABLE_RULE_RUN", "1") === "1";
const VUS = Number(env("PERF_VUS", "2"));
const DURATION = env("PERF_DURATION", "30s");

const LIST_PATH = env("PERF_LIST_PATH", "/api/watch-rules?limit=20");
const RELEASES_LIST_PATH = env("PERF_RELEASES_LIST_PATH", "/api/watch-releases?limit=20");
const SEARCH_PATH = env("PERF_SEARCH_PATH", "/api/search");
const RULE_RUN_PATH = env("PERF_RULE_RUN_PATH", "/api/dev/rules/{rule_id}/run?limit=20");
const list = (text) => text.split(",").map((item) => item.trim()).filter((item) => item !== "");
const SEARCH = JSON.stringify({
  keywords: list(env("PERF_SEARCH_KEYWORDS", "house,techno")),
  providers: list(env("PERF_SEARCH_PROVIDERS", "discogs")),
  page: 1,
  page_size: 10,
});

const scenario = (exec, flow, startTime) => ({
  executor: "constant-vus",
  vus: VUS,
  duration: DURATION,
  startTime,
  exec,
  tags: { flow },
});

const limits = (flow, p95, p99) => ({
  [`http_req_duration{flow:${flow}}`]: [`p(95)<${p95}`, `p(99)<${p99}`],
  [`http_req_failed{flow:${flow}}`]: ["rate<0.01"],
  [`checks{flow:${flow}}`]: ["rate>0.99"],
});

export const options = {
  scenarios: {
    authenticated_list_endpoints: scenario("lists", "auth_list", "0s"),
    // With PERF_ENABLE_RULE_RUN=0 it only sleeps; limits without samples hold.
    rule_polling_task_path: scenario("ruleRun", "rule_poll", "1s"),
    provider_request_logging_write_path: scenario("search", "provider_log_write", "2s"),
  },
  thresholds: {
    ...limits("auth_list", 400, 700),
    ...limits("rule_poll", 900, 1200),
    ...limits("provider_log_write", 700, 1000),
  },
};

const params = (name) => ({
  headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
  tags: { name },
});

const is200 = (response) => check(response, { "status is 200": (answer) => answer.status === 200 });

export function setup() {
  if (TOKEN === "") {
    fail("PERF_BEARER_TOKEN is missing: a good token of the issuer, such as .run/token of make run");
  }
  if (RULE_RUN && RULE_ID === "") {
    fail("PERF_RULE_ID is missing; or leave the run of a rule out with PERF_ENABLE_RULE_RUN=0");
  }
}

export function lists() {
  is200(http.get(BASE_URL + LIST_PATH, params("list rules")));
  is200(http.get(BASE_URL + RELEASES_LIST_PATH, params("list releases")));
  sleep(0.25);
}

export function ruleRun() {
  if (!RULE_RUN) {
    sleep(1);
    return;
  }
  is200(http.post(BASE_URL + RULE_RUN_PATH.replace("{rule_id}", RULE_ID), null, params("run a rule")));
  sleep(0.5);
}

export function search() {
  is200(http.post(BASE_URL + SEARCH_PATH, SEARCH, params("search")));
  sleep(0.25);
}
