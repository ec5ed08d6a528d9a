"""Importing users from a file: jobs, and the header that their files have."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.domain.user_import_file import csv_header
from idp.flows import user_imports as flow
from idp.flows.import_urls import import_url
from idp.flows.paging import list_page

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        CreateUserImportJobRequest,
        CreateUserImportJobResponse,
        DescribeUserImportJobRequest,
        DescribeUserImportJobResponse,
        GetCSVHeaderRequest,
        GetCSVHeaderResponse,
        ListUserImportJobsRequest,
        ListUserImportJobsResponse,
        StartUserImportJobRequest,
        StartUserImportJobResponse,
        StopUserImportJobRequest,
        StopUserImportJobResponse,
        UserImportJobType,
    )
    from idp.domain.user_import import UserImportJob

MAX_PAGE = 50  # jobs in an answer, although 60 may be asked for.  Source: AWS API_ListUserImportJobs


@operation("cognito-idp", resource=user_pool_arn)
def get_csv_header(context: Context, request: GetCSVHeaderRequest) -> GetCSVHeaderResponse:
    user_pool = user_pool_of(context, request)
    return {"UserPoolId": user_pool.id, "CSVHeader": csv_header(user_pool)}


@operation("cognito-idp", resource=user_pool_arn)
def create_user_import_job(context: Context, request: CreateUserImportJobRequest) -> CreateUserImportJobResponse:
    job = flow.create_user_import_job(
        context.services,
        user_pool_of(context, request),
        name=request["JobName"],
        role_arn=request["CloudWatchLogsRoleArn"],
        hashing_algorithm=request.get("PasswordHashingAlgorithm"),
    )
    return {"UserImportJob": _job_type(context, job)}


@operation("cognito-idp", resource=user_pool_arn)
def describe_user_import_job(context: Context, request: DescribeUserImportJobRequest) -> DescribeUserImportJobResponse:
    job = flow.get_user_import_job(context.services, user_pool_of(context, request), request["JobId"])
    return {"UserImportJob": _job_type(context, job)}


@operation("cognito-idp", resource=user_pool_arn)
def list_user_import_jobs(context: Context, request: ListUserImportJobsRequest) -> ListUserImportJobsResponse:
    services, user_pool = context.services, user_pool_of(context, request)
    page, token = list_page(
        services,
        lambda before, limit: flow.list_user_import_jobs(services, user_pool, before=before, limit=limit),
        start=sys.maxsize,
        place=lambda job: job.number,
        token=request.get("PaginationToken"),
        limit=min(request["MaxResults"], MAX_PAGE),
        bound_to=["ListUserImportJobs", context.account, user_pool.id],
    )
    answer: ListUserImportJobsResponse = {"UserImportJobs": [_job_type(context, each) for each in page]}
    return {**answer, "PaginationToken": token} if token else answer


@operation("cognito-idp", resource=user_pool_arn)
def start_user_import_job(context: Context, request: StartUserImportJobRequest) -> StartUserImportJobResponse:
    job = flow.start_user_import_job(context.services, user_pool_of(context, request), request["JobId"])
    return {"UserImportJob": _job_type(context, job)}


@operation("cognito-idp", resource=user_pool_arn)
def stop_user_import_job(context: Context, request: StopUserImportJobRequest) -> StopUserImportJobResponse:
    job = flow.stop_user_import_job(context.services, user_pool_of(context, request), request["JobId"])
    return {"UserImportJob": _job_type(context, job)}


def _job_type(context: Context, job: UserImportJob) -> UserImportJobType:
    """Return a job as the API shows it; what is not there yet is left out."""
    shown: UserImportJobType = {
        "JobName": job.name,
        "JobId": job.id,
        "UserPoolId": job.pool_id,
        "PreSignedUrl": import_url(context.services, job),
        "CreationDate": job.created_at,
        "Status": job.status.value,
        "CloudWatchLogsRoleArn": job.role_arn,
        "ImportedUsers": job.progress.imported,
        "SkippedUsers": job.progress.skipped,
        "FailedUsers": job.progress.failed,
    }
    if job.started_at is not None:
        shown["StartDate"] = job.started_at
    if job.completed_at is not None:
        shown["CompletionDate"] = job.completed_at
    if job.completion_message is not None:
        shown["CompletionMessage"] = job.completion_message
    if job.hashing_algorithm is not None:
        shown["PasswordHashingAlgorithm"] = job.hashing_algorithm
    return shown
